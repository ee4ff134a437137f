// One person's row of the attendance grid. It is drawn again only if its own data changed.

import { COLUMNS } from "./grid-columns.js";
import { isChosen } from "./grid-range.js";
import { Component, html } from "../vendor/htm-preact.js";

/**
 * @typedef {object} Properties
 * @property {number} index
 * @property {number} top
 * @property {import("../state/draft.js").Person} person
 * @property {import("../state/marks.js").Marks} marks
 * @property {boolean} isUnsaved
 * @property {boolean} hasCollided
 * @property {boolean} isEditable
 * @property {number} column
 * @property {string} chosen
 * @property {import("../state/session.js").Session["edit"]} edit
 */

/** @extends {Component<Properties>} */
export class Person extends Component {
  /** @param {Record<string, any>} next */
  shouldComponentUpdate(next) {
    const known = /** @type {Record<string, any>} */ (this.props);
    return Object.keys(next).some((name) => next[name] !== known[name]);
  }

  /** @type {import("./grid-columns.js").Cell["edit"]} */
  edit = (patch, topic) => this.props.edit([this.props.person.personnelId], patch, topic);

  /**
   * The attributes of an element that the cursor can be in.
   *
   * @param {number} column
   */
  place(column) {
    const isHere = this.props.column === column;
    return {
      "data-index": this.props.index,
      "data-column": column,
      "data-cursor": isHere ? "here" : undefined,
      tabindex: isHere ? 0 : -1,
    };
  }

  /** @param {Properties} properties */
  render({ index, top, marks, isUnsaved, hasCollided }) {
    const look = hasCollided ? "collided" : isUnsaved ? "unsaved" : "";
    return html`<div class="person ${look} ${marks.isMarked ? "" : "unmarked"}" role="row" aria-rowindex=${index + 2} style=${{ transform: `translateY(${top}px)` }}>
      ${COLUMNS.map((column, at) => this.cell(column, at))}
    </div>`;
  }

  /**
   * @param {import("./grid-columns.js").Column} column
   * @param {number} at
   */
  cell({ look = "", role = "gridcell", isWhole, field, words }, at) {
    const { person, marks, isUnsaved, isEditable, chosen } = this.props;
    const place = this.place(at);
    const isOne = isChosen(chosen, at);
    const kind = `${look} ${isWhole ? "whole" : ""} ${isOne ? "chosen" : ""}`;
    if (isEditable || !words) {
      return html`<div class=${kind} role=${role} aria-selected=${isOne}>${field({ person, marks, isUnsaved, edit: this.edit }, place)}</div>`;
    }
    return html`<div class=${kind} role=${role} aria-selected=${isOne} ...${place}>${words(marks)}</div>`;
  }
}
