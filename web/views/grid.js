// The attendance grid. Only visible rows are elements of the page, so ten thousand are as fast as ten.

import { COLUMN_STYLE, COLUMNS } from "./grid-columns.js";
import { moved } from "./grid-keys.js";
import { Person } from "./grid-row.js";
import { Component, html } from "../vendor/htm-preact.js";

// Rows beyond the edges, so that scrolling shows no gaps.
const MARGIN_ROWS = 6;
const TALLEST = 640;
const MOST_OF_THE_WINDOW = 0.62;

/**
 * @typedef {{ index: number, column: number }} Cursor
 *
 * @typedef {object} Properties
 * @property {import("../state/session.js").Session} session
 * @property {string[]} ids
 * @property {boolean} isEditable
 * @property {() => void} undo
 *
 * @typedef {{ top: number, row: number, head: number, cursor: Cursor }} State
 */

/** @extends {Component<Properties, State>} */
export class Grid extends Component {
  /** @type {{ current: HTMLElement | null }} */
  body = { current: null };
  state = { top: 0, row: 52, head: 40, cursor: { index: 0, column: 0 } };

  componentDidMount() {
    this.measure();
    addEventListener("resize", this.measure);
  }

  /** @param {Properties} before */
  componentDidUpdate({ isEditable }) {
    if (isEditable !== this.props.isEditable) this.measure();
  }

  componentWillUnmount() {
    removeEventListener("resize", this.measure);
  }

  /** Row height and head come from the style sheet: in a narrow window rows are higher and there is no head. */
  measure = () => {
    const style = getComputedStyle(this.scroller);
    const [row, head] = ["--row", "--head"].map((name) => parseFloat(style.getPropertyValue(name)));
    this.setState({ row, head });
  };

  /** The element that scrolls. It exists whenever the grid handles an event. */
  get scroller() {
    return /** @type {HTMLElement} */ (this.body.current);
  }

  get height() {
    return Math.max(this.state.row, Math.min(TALLEST, Math.round(innerHeight * MOST_OF_THE_WINDOW)));
  }

  /**
   * Scroll to a person and put the cursor there.
   *
   * @param {string} id
   */
  goTo(id) {
    const index = this.props.ids.indexOf(id);
    if (index >= 0) this.put({ ...this.state.cursor, index });
  }

  /** @param {Cursor} cursor */
  put(cursor) {
    const { row, head } = this.state;
    const body = this.scroller;
    const edge = cursor.index * row;
    const room = body.clientHeight - head;
    if (edge < body.scrollTop) body.scrollTop = edge;
    if (edge + row > body.scrollTop + room) body.scrollTop = edge + row - room;
    this.setState({ cursor, top: body.scrollTop }, () => this.focusCursor());
  }

  focusCursor() {
    const here = this.scroller.querySelector('[data-cursor="here"]');
    /** @type {HTMLElement | null} */ (here)?.focus({ preventScroll: true });
  }

  onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && this.props.isEditable) {
      event.preventDefault();
      this.props.undo();
      return;
    }
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.state.row) - 1);
    const extent = { rows: this.props.ids.length, columns: COLUMNS.length, page };
    const cursor = moved(this.state.cursor, event, extent);
    if (!cursor) return;
    event.preventDefault();
    this.put(cursor);
  };

  /** The cursor follows the pointer and the Tab key. */
  onFocusIn = (/** @type {FocusEvent} */ event) => {
    const { index, column } = /** @type {HTMLElement} */ (event.target).dataset;
    if (index === undefined) return;
    const cursor = { index: Number(index), column: Number(column) };
    const known = this.state.cursor;
    if (cursor.index !== known.index || cursor.column !== known.column) this.setState({ cursor });
  };

  onScroll = () => this.setState({ top: this.scroller.scrollTop });

  /** Visible rows and the cursor's row, which must not lose the focus when it scrolls out of sight. */
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

  /**
   * @param {Properties} properties
   * @param {State} state
   */
  render({ session, ids, isEditable }, { row, head, cursor }) {
    const { draft } = session;
    const last = Math.max(0, ids.length - 1);
    const here = { ...cursor, index: Math.min(cursor.index, last) };
    const height = Math.min(this.height, head + Math.max(1, ids.length) * row);
    return html`<div class="grid ${isEditable ? "" : "words"}" role="grid" aria-label="Attendance"
      aria-rowcount=${ids.length + 1} aria-colcount=${COLUMNS.length} style=${COLUMN_STYLE} onKeyDown=${this.onKeyDown} onFocusIn=${this.onFocusIn}>
      <div class="body" role="rowgroup" ref=${this.body} style=${{ height: `${height}px` }} onScroll=${this.onScroll}>
        <div class="heads" role="row" aria-rowindex="1">${COLUMNS.map((column) => html`<span role="columnheader">${column.head}</span>`)}</div>
        ${
          ids.length === 0 &&
          html`<p class="none quiet" role="row"><span role="gridcell">
          ${draft.size ? "Nobody fits. Search for something else." : "Nobody is on the list of this session yet."}</span></p>`
        }
        <div role="presentation" style=${{ height: `${ids.length * row}px` }}></div>
        ${this.visible().map(
          (index) => html`<${Person}
          key=${ids[index]} index=${index} top=${index * row} person=${draft.person(ids[index])} marks=${draft.marks(ids[index])}
          isUnsaved=${draft.isUnsaved(ids[index])} hasCollided=${draft.collisions.has(ids[index])} isEditable=${isEditable}
          column=${here.index === index ? here.column : -1} edit=${session.edit} />`,
        )}
      </div>
    </div>`;
  }
}
