// Where the cursor of the grid goes when a key is pressed.

const LAST_COLUMN = 3;

/** The next place, or nothing if the key belongs to the field that has it. */
export function moved({ index, column }, event, rows, page) {
  if (event.altKey || event.shiftKey || event.metaKey) return null;
  const to = (row, across = column) => ({
    index: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(LAST_COLUMN, across)),
  });
  switch (event.key) {
    case "ArrowDown":
    case "Enter":
      return event.key === "Enter" && column === 0 ? null : to(index + 1);
    case "ArrowUp":
      return to(index - 1);
    case "PageDown":
      return to(index + page);
    case "PageUp":
      return to(index - page);
    case "ArrowLeft":
      return isAtEdge(event.target, 0) ? to(index, column - 1) : null;
    case "ArrowRight":
      return isAtEdge(event.target, event.target.value?.length) ? to(index, column + 1) : null;
    case "Home":
      return event.ctrlKey ? to(0) : null;
    case "End":
      return event.ctrlKey ? to(rows - 1) : null;
    default:
      return null;
  }
}

/** In a text, left and right first move within it. */
function isAtEdge(field, edge) {
  if (field.type !== "text") return true;
  return field.selectionStart === edge && field.selectionEnd === edge;
}
