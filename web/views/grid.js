// The attendance grid. Only visible rows are elements of the page, so ten thousand are as fast as ten.

import { columnOf, COLUMN_STYLE, COLUMNS } from "./grid-columns.js";
import { deedOf, moved } from "./grid-keys.js";
import { chosenIn, rangeOf } from "./grid-range.js";
import { Person } from "./grid-row.js";
import { alike } from "../state/ranges.js";
import { Component, html } from "../vendor/htm-preact.js";

// Rows beyond the edges, so that scrolling shows no gaps.
const MARGIN_ROWS = 6;
const TALLEST = 640;
const MOST_OF_THE_WINDOW = 0.62;

/**
 * @import { Field } from "../state/marks.js"
 *
 * @typedef {{ index: number, column: number }} Place
 * @typedef {Place & { id: string }} Cursor
 *
 * @typedef {object} Properties
 * @property {import("../state/session.js").Session} session
 * @property {string[]} ids
 * @property {boolean} isEditable
 * @property {(ids: string[]) => void} choose called when other people are chosen
 * @property {() => void} fill
 *
 * @typedef {{ top: number, row: number, head: number, cursor: Cursor, start: Cursor | null }} State
 */

/** @extends {Component<Properties, State>} */
export class Grid extends Component {
  /** @type {{ current: HTMLElement | null }} */
  body = { current: null };
  /** @type {{ current: HTMLElement | null }} */
  heads = { current: null };
  /** @type {{ current: HTMLElement | null }} */
  sample = { current: null };
  state = { top: 0, row: 52, head: 40, cursor: { id: "", index: 0, column: 0 }, start: null };

  told = "null";

  componentDidMount() {
    this.resized = new ResizeObserver(this.measure);
    this.resized.observe(/** @type {HTMLElement} */ (this.sample.current));
    addEventListener("resize", this.measure);
  }

  /** Remember what has the focus in the grid: rows may move as others come and go, and what moves loses it. */
  getSnapshotBeforeUpdate() {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    this.focused = this.scroller.contains(focused) ? focused : null;
  }

  /**
   * Give a row that moved its focus back. Whoever goes on typing when their row has gone must not type into another
   * one: the grid as a whole gets it then.
   *
   * @param {Properties} before
   */
  componentDidUpdate({ ids }) {
    // Another list has other people where these were.
    if (ids !== this.props.ids && this.state.start) this.setState({ start: null });
    else this.tell();
    if (!this.focused || document.activeElement !== document.body) return;
    (this.focused.isConnected ? this.focused : this.scroller).focus({ preventScroll: true });
  }

  /** Say who is chosen, if it is another range. */
  tell() {
    const key = JSON.stringify(this.range);
    if (key === this.told) return;
    this.told = key;
    this.props.choose(this.chosen());
  }

  componentWillUnmount() {
    this.resized?.disconnect();
    removeEventListener("resize", this.measure);
  }

  /** How high rows and head are: that depends on the width and on the size of the text, which may change. */
  measure = () => {
    const [sample, heads] = [this.sample.current, this.heads.current];
    if (sample && heads) this.setState({ row: sample.offsetHeight, head: heads.offsetHeight });
  };

  /** The element that scrolls. It exists whenever the grid handles an event. */
  get scroller() {
    return /** @type {HTMLElement} */ (this.body.current);
  }

  get height() {
    return Math.max(this.state.row, Math.min(TALLEST, Math.round(innerHeight * MOST_OF_THE_WINDOW)));
  }

  /**
   * Where the cursor is: with its person, whatever else the list shows; without them, where they were.
   *
   * @returns {Place}
   */
  get here() {
    return this.placeOf(this.state.cursor);
  }

  /** The cells from where Shift began to the cursor. */
  get range() {
    const { start } = this.state;
    return rangeOf(start && this.placeOf(start), this.here);
  }

  /** @param {Cursor} cursor */
  placeOf({ id, index, column }) {
    const { ids } = this.props;
    const at = ids.indexOf(id);
    return { index: at >= 0 ? at : Math.max(0, Math.min(index, ids.length - 1)), column };
  }

  /**
   * Scroll to a field of a person and put the cursor there.
   *
   * @param {string} id
   * @param {Field} field
   */
  goTo(id, field) {
    const index = this.props.ids.indexOf(id);
    if (index >= 0) this.put({ index, column: columnOf(field) });
  }

  /**
   * Put the cursor somewhere, and choose what is on the way there or not.
   *
   * @param {Place} place
   * @param {boolean} [isChoosing]
   */
  put({ index, column }, isChoosing = false) {
    const { row, head } = this.state;
    const body = this.scroller;
    const edge = index * row;
    const room = body.clientHeight - head;
    if (edge < body.scrollTop) body.scrollTop = edge;
    if (edge + row > body.scrollTop + room) body.scrollTop = edge + row - room;
    const cursor = this.at({ index, column });
    const start = isChoosing ? (this.state.start ?? this.at(this.here)) : null;
    this.setState({ cursor, start, top: body.scrollTop }, () => this.focusCursor());
  }

  /**
   * @param {Place} place
   * @returns {Cursor}
   */
  at({ index, column }) {
    return { id: this.props.ids[index], index, column };
  }

  focusCursor() {
    const here = this.scroller.querySelector('[data-cursor="here"]');
    /** @type {HTMLElement | null} */ (here)?.focus({ preventScroll: true });
  }

  onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.state.row) - 1);
    const extent = { rows: this.props.ids.length, columns: COLUMNS.length, page };
    const place = moved(this.here, event, extent);
    const deed = deedOf(event);
    if (deed) this.do(deed, event);
    if (!place) return;
    event.preventDefault();
    this.put(place, event.shiftKey);
  };

  /**
   * @param {"end" | "all" | "fill"} deed
   * @param {Event} event
   */
  do(deed, event) {
    if (deed === "end") return this.setState({ start: null });
    event.preventDefault();
    if (deed === "fill") return this.props.fill();
    this.setState({ start: this.at({ index: 0, column: this.here.column }) });
    this.put({ index: this.props.ids.length - 1, column: this.here.column }, true);
  }

  /** The cursor is where the focus is, however it came there. */
  onFocus = (/** @type {FocusEvent} */ event) => {
    const { index, column } = fieldOf(event)?.dataset ?? {};
    if (index === undefined) return;
    const cursor = this.at({ index: Number(index), column: Number(column) });
    const known = this.state.cursor;
    if (cursor.id === known.id && cursor.column === known.column) return;
    this.props.session.draft.steps.end();
    this.setState({ cursor, start: null });
  };

  /** With Shift, the pointer chooses from the cursor to here; within the text that has the cursor it chooses letters. */
  onMouseDown = (/** @type {MouseEvent} */ event) => {
    const field = fieldOf(event);
    if (!event.shiftKey) return this.setState({ start: null });
    if (!field || field === document.activeElement) return;
    event.preventDefault();
    this.put({ index: Number(field.dataset.index), column: Number(field.dataset.column) }, true);
  };

  /** Choosing marks nobody. */
  onClickCapture = (/** @type {MouseEvent} */ event) => {
    if (!event.shiftKey || !fieldOf(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };

  /**
   * A mark within a range is for all of it; what is typed is for one person.
   *
   * @type {Properties["session"]["edit"]}
   */
  edit = (ids, patch, topic) => {
    const { session } = this.props;
    const chosen = topic ? [] : this.chosen();
    if (!chosen.includes(ids[0])) return session.edit(ids, patch, topic);
    session.editEach(alike(session.draft, chosen, patch));
  };

  /** The people in the range. */
  chosen() {
    const range = this.range;
    return range ? this.props.ids.slice(range.first, range.last + 1) : [];
  }

  /** Not every browser gives the focus to what was clicked or touched. */
  onClick = (/** @type {MouseEvent} */ event) => {
    const field = fieldOf(event);
    if (field && field !== document.activeElement) field.focus({ preventScroll: true });
  };

  /** The last event may come when the grid is gone. */
  onScroll = () => this.body.current && this.setState({ top: this.body.current.scrollTop });

  /** Visible rows and the cursor's row, which must not lose the focus when it scrolls out of sight. */
  visible() {
    const { top, row } = this.state;
    const { ids } = this.props;
    const own = ids.length ? this.here.index : -1;
    const first = Math.max(0, Math.floor(top / row) - MARGIN_ROWS);
    const last = Math.min(ids.length - 1, Math.ceil((top + this.height) / row) + MARGIN_ROWS);
    const indexes = [];
    if (own >= 0 && own < first) indexes.push(own);
    for (let index = first; index <= last; index += 1) indexes.push(index);
    if (own > last) indexes.push(own);
    return indexes;
  }

  /**
   * @param {Properties} properties
   * @param {State} state
   */
  render({ session, ids, isEditable }, { row, head }) {
    const { draft } = session;
    const [here, range] = [this.here, this.range];
    const height = Math.min(this.height, head + Math.max(1, ids.length) * row);
    // The listener's name is the browser's own, in small letters: Preact has no other for it.
    return html`<div class="grid ${isEditable ? "" : "words"}" role="grid" aria-label="Attendance" aria-multiselectable="true"
      aria-rowcount=${ids.length + 1} aria-colcount=${COLUMNS.length} style=${COLUMN_STYLE}
      onKeyDown=${this.onKeyDown} onfocusin=${this.onFocus} onClick=${this.onClick}
      onMouseDown=${this.onMouseDown} onClickCapture=${this.onClickCapture}>
      <div class="body" role="rowgroup" tabindex="-1" ref=${this.body} style=${{ height: `${height}px` }} onScroll=${this.onScroll}>
        <div class="heads" role="row" aria-rowindex="1" ref=${this.heads}>${COLUMNS.map((column) => html`<span role="columnheader">${column.head}</span>`)}</div>
        <div class="sample" role="presentation" ref=${this.sample}></div>
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
          column=${here.index === index ? here.column : -1} chosen=${chosenIn(range, index)} edit=${this.edit} />`,
        )}
      </div>
    </div>`;
  }
}

/**
 * The element of a cell that takes the cursor.
 *
 * @param {Event} event
 * @returns {HTMLElement | null | undefined}
 */
function fieldOf(event) {
  const cell = /** @type {Element} */ (event.target).closest('[role="gridcell"], [role="rowheader"]');
  return cell?.matches("[data-column]")
    ? /** @type {HTMLElement} */ (cell)
    : cell?.querySelector("[data-column]");
}
