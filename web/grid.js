// The attendance grid. Only the rows in sight are elements of the page, so ten thousand are as quick as ten.

import { Person } from "./grid-row.js";
import { moved } from "./grid-keys.js";
import { Component, html } from "./vendor/htm-preact.js";

// Rows beyond the edges, so that scrolling shows no gaps.
const MARGIN_ROWS = 6;
const TALLEST = 640;
const MOST_OF_THE_WINDOW = 0.62;
const HEADS = ["Name", "Present", "Passed", "Remarks"];

export class Grid extends Component {
  body = { current: null };
  state = { top: 0, row: 52, head: 40, cursor: { index: 0, column: 0 } };

  componentDidMount() {
    this.measure();
    addEventListener("resize", this.measure);
  }

  componentDidUpdate({ isEditable }) {
    if (isEditable !== this.props.isEditable) this.measure();
  }

  componentWillUnmount() {
    removeEventListener("resize", this.measure);
  }

  /** The style sheet knows how high a row is: higher where the window is narrow, and without a head. */
  measure = () => {
    const style = getComputedStyle(this.body.current);
    const [row, head] = ["--row", "--head"].map((name) => parseInt(style.getPropertyValue(name), 10));
    this.setState({ row, head });
  };

  get height() {
    return Math.max(this.state.row, Math.min(TALLEST, Math.round(innerHeight * MOST_OF_THE_WINDOW)));
  }

  /** Bring somebody into sight and put the cursor there. */
  goTo(id) {
    const index = this.props.ids.indexOf(id);
    if (index >= 0) this.put({ ...this.state.cursor, index });
  }

  put(cursor) {
    const { row, head } = this.state;
    const body = this.body.current;
    const edge = cursor.index * row;
    const room = body.clientHeight - head;
    if (edge < body.scrollTop) body.scrollTop = edge;
    if (edge + row > body.scrollTop + room) body.scrollTop = edge + row - room;
    this.setState({ cursor, top: body.scrollTop }, () => this.focusCursor());
  }

  focusCursor() {
    this.body.current.querySelector('[data-cursor="here"]')?.focus({ preventScroll: true });
  }

  onKeyDown = (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && this.props.isEditable) {
      event.preventDefault();
      this.props.undo();
      return;
    }
    const page = Math.max(1, Math.floor(this.body.current.clientHeight / this.state.row) - 1);
    const cursor = moved(this.state.cursor, event, this.props.ids.length, page);
    if (!cursor) return;
    event.preventDefault();
    this.put(cursor);
  };

  /** The cursor follows whoever points or tabs somewhere. */
  onFocusIn = (event) => {
    const { index, column } = event.target.dataset;
    if (index === undefined) return;
    const cursor = { index: Number(index), column: Number(column) };
    const known = this.state.cursor;
    if (cursor.index !== known.index || cursor.column !== known.column) this.setState({ cursor });
  };

  onScroll = () => this.setState({ top: this.body.current.scrollTop });

  /** Rows in sight and the cursor's own, which must not lose the keyboard when it scrolls away. */
  visible() {
    const { top, row, cursor } = this.state;
    const { ids } = this.props;
    const first = Math.max(0, Math.floor(top / row) - MARGIN_ROWS);
    const last = Math.min(ids.length - 1, Math.ceil((top + this.height) / row) + MARGIN_ROWS);
    const indexes = [];
    for (let index = first; index <= last; index += 1) indexes.push(index);
    const own = Math.min(cursor.index, ids.length - 1);
    if (own >= 0 && (own < first || own > last)) indexes.push(own);
    return indexes;
  }

  render({ session, ids, isEditable }, { row, head, cursor }) {
    const { draft } = session;
    const last = Math.max(0, ids.length - 1);
    const here = { ...cursor, index: Math.min(cursor.index, last) };
    const height = Math.min(this.height, head + Math.max(1, ids.length) * row);
    return html`<div class="grid ${isEditable ? "" : "words"}" role="grid" aria-label="Attendance"
      aria-rowcount=${ids.length + 1} aria-colcount="4" onKeyDown=${this.onKeyDown} onFocusIn=${this.onFocusIn}>
      <div class="body" role="rowgroup" ref=${this.body} style=${{ height: `${height}px` }} onScroll=${this.onScroll}>
        <div class="heads" role="row" aria-rowindex="1">${HEADS.map((name) => html`<span role="columnheader">${name}</span>`)}</div>
        ${ids.length === 0 && html`<p class="none quiet" role="row"><span role="gridcell">
          ${draft.size ? "Nobody fits. Search for something else." : "Nobody is on the list of this session yet."}</span></p>`}
        <div role="presentation" style=${{ height: `${ids.length * row}px` }}></div>
        ${this.visible().map((index) => html`<${Person}
          key=${ids[index]} index=${index} top=${index * row} person=${draft.person(ids[index])} marks=${draft.marks(ids[index])}
          isUnsaved=${draft.isUnsaved(ids[index])} hasCollided=${draft.collisions.has(ids[index])} isEditable=${isEditable}
          column=${here.index === index ? here.column : -1} edit=${session.edit} />`)}
      </div>
    </div>`;
  }
}
