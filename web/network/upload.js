// Sends a file straight to the bucket.

import { Problem, Unreachable } from "./problem.js";

// Browsers set these headers themselves, and pages cannot.
const OF_THE_BROWSER = ["content-length", "host"];

/**
 * Send a file with an upload permission; by XMLHttpRequest, because fetch reports no progress.
 *
 * @param {import("./answers.js").UploadPermission} permission
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {(part: number) => void} onProgress
 * @returns {Promise<void>}
 */
export function sendFile({ method, url, headers }, bytes, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) {
      if (!OF_THE_BROWSER.includes(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onerror = () => reject(new Unreachable());
    request.onload = () => {
      if (request.status < 300) resolve();
      else reject(new Problem(request.status, { detail: "The file did not arrive whole. Send it again." }));
    };
    request.send(bytes);
  });
}
