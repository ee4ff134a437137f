// The signed sheet: upload, check and view.

import { Failure, Note, Word } from "./elements.js";
import { sessionHref } from "../state/route.js";
import { SheetView } from "./sheet-view.js";
import { useStore } from "./use-store.js";
import { html, useRef, useState } from "../vendor/htm-preact.js";
import { moment, size } from "../words.js";

const KINDS = ".pdf,.jpg,.jpeg,.png,.tif,.tiff,.webp,.heic,.heif,application/pdf,image/*";
const WORD = {
  NONE: { text: "Missing", tone: "warn" },
  PENDING: { text: "Being checked", tone: "busy" },
  ACCEPTED: { text: "Accepted", tone: "good" },
  REJECTED: { text: "Refused", tone: "bad" },
};

/**
 * @import { Session } from "../state/session.js"
 * @import { Uploading } from "../state/uploading.js"
 * @import { Api } from "../network/api.js"
 * @import { EvidenceResponse } from "../network/answers.js"
 */

/** @param {{ session: Session, api: Api }} properties */
export function SheetPanel({ session, api }) {
  const uploading = useStore(session.uploading);
  const { evidence } = session.view;
  const isBusy = uploading.state !== "idle";
  return html`<section class="panel sheet" aria-labelledby="sheet">
    <div class="row spread"><h2 id="sheet">Signed sheet</h2><${Word} ...${WORD[evidence.state]} /></div>
    ${isBusy ? html`<${Progress} uploading=${uploading} />` : html`<${State} evidence=${evidence} />`}
    ${evidence.attendanceFileKey && html`<${Accepted} session=${session} api=${api} />`}
    ${session.isEditable && !uploading.isRunning && html`<${Drop} uploading=${uploading} evidence=${evidence} />`}
  </section>`;
}

/** @param {{ evidence: EvidenceResponse }} properties */
function State({ evidence: { state, fileName, reason, attendanceFileKey } }) {
  if (state === "PENDING") {
    return html`<${Note} tone="busy" live><p>The ${attendanceFileKey ? "new file" : html`file <bdi>${fileName}</bdi>`} is being checked. This takes a few seconds.
      If it takes longer than a minute, the file may not have arrived: upload it again.</p><//>`;
  }
  if (state === "REJECTED") {
    return html`<${Note} tone="bad" live><p><strong>The ${attendanceFileKey ? "new file" : html`file <bdi>${fileName}</bdi>`} was refused.</strong> ${reason}</p>
      ${attendanceFileKey && html`<p>The earlier sheet stays in force.</p>`}<//>`;
  }
  return null;
}

/** @param {{ session: Session, api: Api }} properties */
function Accepted({ session, api }) {
  const evidence = /** @type {Required<EvidenceResponse>} */ (session.view.evidence);
  return html`${evidence.endsEarly && html`<${EndsEarly} />`}
    ${evidence.alsoUsedBy && html`<${UsedElsewhere} others=${evidence.alsoUsedBy} />`}
    <dl class="facts">
      <dt>File</dt><dd><bdi>${evidence.fileName}</bdi> <span class="quiet">(${size(evidence.sizeBytes)})</span></dd>
      <dt>Uploaded</dt><dd>${moment(evidence.uploadedAt, session.zone)} by <bdi>${evidence.uploadedBy.name}</bdi></dd>
      <dt>Fingerprint</dt><dd><span class="mono">${evidence.attendanceFileHash}</span><br />
        <span class="quiet small">SHA-256: any change to the file, however small, would give another one.</span></dd>
    </dl>
    <${SheetView} key=${evidence.attendanceFileVersionId} api=${api} id=${session.id} zone=${session.zone} />`;
}

/** Nothing blocks such a sheet: only a person who looks at it can tell whether something is missing. */
function EndsEarly() {
  return html`<${Note} tone="warn"><p><strong>The file of this sheet ends early.</strong> Its last part is missing, and a part of
    the sheet may be missing with it. View the sheet; if anything is not there, scan or photograph it again.</p><//>`;
}

/** @param {{ others: string[] }} properties */
function UsedElsewhere({ others }) {
  return html`<${Note} tone="warn"><p><strong>The same file is the sheet of other sessions too.</strong> Make sure that it is the sheet
    of this one; if not, upload the right one.</p>
    <ul>${others.map((id) => html`<li key=${id}><a href=${sessionHref(id)}>Session <bdi>${id}</bdi></a></li>`)}</ul><//>`;
}

/** @param {{ uploading: Uploading }} properties */
function Progress({ uploading }) {
  const { state, done, failure } = uploading;
  const file = /** @type {File} */ (uploading.file);
  if (failure) {
    return html`<${Failure} failure=${failure} retry=${failure.isPassing && (() => uploading.start(/** @type {File} */ (file)))} />
      <p><button class="plain" onClick=${() => uploading.dismiss()}>Dismiss</button></p>`;
  }
  const name = html`<bdi>${file.name}</bdi>`;
  /** @type {Record<string, unknown>} */
  const words = {
    reading: html`Reading ${name} and taking its fingerprint …`,
    sending: html`Sending ${name} …`,
    "trying again": "The connection was lost. Trying again in a moment …",
  };
  return html`<div role="status"><p>${words[state]}</p></div>
    <progress value=${done} max="1" aria-label="How much is done"></progress>`;
}

/** @param {{ uploading: Uploading, evidence: EvidenceResponse }} properties */
function Drop({ uploading, evidence }) {
  const [isOver, setOver] = useState(false);
  const over = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (/** @type {DragEvent & { dataTransfer: DataTransfer }} */ event) => {
    event.preventDefault();
    setOver(false);
    uploading.take([...event.dataTransfer.files]);
  };
  const verb = evidence.state === "NONE" ? "Choose the signed sheet" : "Choose another file instead";
  return html`<div class="drop ${isOver && "over"}" onDragOver=${over} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <div class="row">
      <${Picker} label=${verb} uploading=${uploading} accept=${KINDS} />
      <${Picker} label="Take a photo" uploading=${uploading} accept="image/*" capture="environment" />
    </div>
    <p class="quiet small">Or drop one file with all pages here. PDF, JPEG, PNG, TIFF, WebP or HEIC, up to 50 MB.</p>
  </div>`;
}

/**
 * A button that opens the device's own file dialog or camera.
 *
 * @param {{ label: string, uploading: Uploading }} properties The rest are attributes of the field.
 */
function Picker({ label, uploading, ...attributes }) {
  /** @type {import("preact").RefObject<HTMLInputElement>} */
  const input = useRef(null);
  const pick = (/** @type {Event & { target: HTMLInputElement & { files: FileList } }} */ event) => {
    uploading.take([...event.target.files]);
    event.target.value = "";
  };
  return html`<button onClick=${() => input.current?.click()}>${label}</button>
    <input ref=${input} type="file" class="unseen" tabindex="-1" aria-hidden="true" onChange=${pick} ...${attributes} />`;
}
