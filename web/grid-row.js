// One person's row of the attendance grid. It draws itself again only if something of its own changed.

import { personHref } from "./route.js";
import { Component, html } from "./vendor/htm-preact.js";

const LONGEST_REMARK = 5_000;
const COLUMN = { name: 0, present: 1, passed: 2, remarks: 3 };

export class Person extends Component {
  shouldComponentUpdate(next) {
    return Object.keys(next).some((name) => next[name] !== this.props[name]);
  }

  edit(patch, topic) {
    this.props.edit([this.props.person.personnelId], patch, topic);
  }

  /** What makes an element a place the cursor can be in. */
  place(column) {
    const isHere = this.props.column === column;
    return {
      "data-index": this.props.index,
      "data-column": column,
      "data-cursor": isHere ? "here" : undefined,
      tabindex: isHere ? 0 : -1,
    };
  }

  render({ index, top, person, marks, isUnsaved, hasCollided, isEditable }) {
    const { name, jobTitle, personnelId } = person;
    const look = `person ${hasCollided ? "collided" : isUnsaved ? "unsaved" : ""}`;
    return html`<div class=${look} role="row" aria-rowindex=${index + 2} style=${{ transform: `translateY(${top}px)` }}>
      <div class="name" role="rowheader">
        <a href=${personHref(personnelId)} title=${name} ...${this.place(COLUMN.name)}>${name}</a>
        <span class="quiet small">${jobTitle ?? ""}${isUnsaved && html`<span class="unseen"> (not saved yet)</span>`}</span>
      </div>
      ${isEditable ? this.fields(name, marks) : this.words(marks)}
    </div>`;
  }

  fields(name, { isPresent, hasPassed, remarks }) {
    const mayPass = isPresent;
    const pass = (event) => {
      if (mayPass) this.edit({ hasPassed: event.target.checked });
      else event.preventDefault();
    };
    const topic = `remarks of ${this.props.person.personnelId}`;
    const remark = (event) => this.edit({ remarks: event.target.value }, topic);
    return html`
      <div role="gridcell"><label class="tick">
        <input type="checkbox" checked=${isPresent} aria-label="Present: ${name}"
          onClick=${(event) => this.edit({ isPresent: event.target.checked })} ...${this.place(COLUMN.present)} />
        <span class="state" aria-hidden="true">${isPresent ? "Present" : "Absent"}</span></label></div>
      <div role="gridcell"><label class="tick ${mayPass ? "" : "off"}">
        <input type="checkbox" checked=${mayPass && hasPassed} aria-label="Passed: ${name}"
          aria-disabled=${!mayPass} onClick=${pass} ...${this.place(COLUMN.passed)} />
        <span class="state" aria-hidden="true">${mayPass ? (hasPassed ? "Passed" : "Failed") : "–"}</span></label></div>
      <div class="remarks" role="gridcell">
        <input type="text" value=${remarks} maxlength=${LONGEST_REMARK} placeholder="Add a remark"
          aria-label="Remarks: ${name}" onInput=${remark} ...${this.place(COLUMN.remarks)} />
      </div>`;
  }

  words({ isPresent, hasPassed, remarks = "" }) {
    const outcome = hasPassed ? "Passed" : "Failed";
    return html`
      <div role="gridcell" ...${this.place(COLUMN.present)}>${isPresent ? "Present" : "Absent"}</div>
      <div role="gridcell" class=${isPresent && !hasPassed ? "bad" : ""} ...${this.place(COLUMN.passed)}>${isPresent ? outcome : "–"}</div>
      <div role="gridcell" class="remarks" ...${this.place(COLUMN.remarks)}><p title=${remarks}>${remarks || "–"}</p></div>`;
  }
}
