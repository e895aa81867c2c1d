/* Comfort for the grid of a comparison: arrow keys, a count of changes, blocks from a spreadsheet.
   Without it Tab, the buttons and the field for a block do all of the same. */

// What is changed and not saved yet: counted, marked, and asked about before the page is left.
(() => {
  "use strict";
  const status = document.querySelector("[data-sg-changes]");
  if (!status) return;
  const form = status.closest("form");
  const { sgOne, sgMany, sgRefused } = status.dataset;
  const changed = new Set();
  let isLeaving = false;

  const isChanged = (field) => {
    if (field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, field.options.length ? 0 : -1);
  };
  const note = (field) => {
    changed[isChanged(field) ? "add" : "delete"](field);
    const cell = field.closest("td");
    cell?.classList.toggle("changed", [...cell.querySelectorAll("input, select")].some(isChanged));
    // What was refused came with the page, and nobody knows how much of it was new.
    if (sgRefused !== undefined) return;
    const text = changed.size === 1 ? sgOne : sgMany.replace("{count}", changed.size);
    status.textContent = changed.size ? text : "";
  };

  form.addEventListener("change", ({ target }) => {
    isLeaving = false;
    if (target.name) note(target);
  });
  form.addEventListener("submit", () => (isLeaving = true));
  addEventListener("beforeunload", (event) => {
    const typed = document.activeElement;
    if (typed?.form === form && typed.name && typed.type !== "submit") note(typed);
    if (!isLeaving && (changed.size || sgRefused !== undefined)) event.preventDefault();
  });
  // What a browser gives back after a way there and back counts too.
  addEventListener("pageshow", () => {
    isLeaving = false;
    for (const field of form.querySelectorAll("input[name]:not([type=hidden], [type=submit]), select"))
      if (isChanged(field)) note(field);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=_save]"));
  });
})();

// From cell to cell by keyboard, and blocks.
(() => {
  "use strict";
  const table = document.querySelector("table.grid");
  if (!table) return;
  const form = table.closest("form");

  const isText = (field) => field instanceof HTMLInputElement && field.type === "text";
  const isField = (field) => isText(field) || field instanceof HTMLSelectElement;
  // A control's name is its part, its row and its column, with dots between.
  const partOf = (field) => field.name.split(".")[0];
  const sameIn = (cell, part) =>
    [...cell.querySelectorAll("select, input")].find((field) => partOf(field) === part);

  // The same field of the next cell that has one, in a direction.
  const neighbour = (field, down, right) => {
    const cell = field.closest("td");
    const rows = [...table.querySelectorAll("tbody tr:not(.group)")];
    let row = rows.indexOf(cell.parentElement);
    let column = cell.cellIndex;
    for (;;) {
      row += down;
      column += right;
      const next = rows[row]?.cells[column];
      if (!next || column < 1) return null;
      const found = sameIn(next, partOf(field));
      if (found) return found;
    }
  };

  const go = (field) => {
    field?.focus();
    if (field && isText(field)) field.select();
    return Boolean(field);
  };

  // Left and right leave a text where there is no more of it to go through.
  const atEdge = ({ selectionStart: start, selectionEnd: end, value }, right) =>
    (start === 0 && end === value.length) ||
    (start === end && start === (right > 0 ? value.length : 0));

  const WAYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  const onArrow = (event, field) => {
    const [down, right] = WAYS[event.key];
    if (event.altKey || event.shiftKey || event.metaKey) return;
    // In a choice the arrows choose; in a text Ctrl goes by words.
    if (isText(field) ? event.ctrlKey && right : !event.ctrlKey) return;
    if (isText(field) && right && !atEdge(field, right)) return;
    if (go(neighbour(field, down, right)) || !isText(field)) event.preventDefault();
  };

  table.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.isComposing || !isField(field)) return;
    const isInCell = field.closest("td");
    if (event.key === "Enter" && isText(field) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (isInCell) go(neighbour(field, 1, 0));
    } else if (event.key in WAYS && isInCell) onArrow(event, field);
  });

  // A block goes through the page that shows what it changes: one reading of it, on the server.
  const block = document.getElementById("_block");
  table.addEventListener("paste", (event) => {
    const field = event.target;
    if (!block || !isText(field) || !field.closest("td")) return;
    const text = event.clipboardData.getData("text/plain");
    const lines = text.replace(/[\r\n]+$/, "");
    // A note may come in several lines from anywhere.
    if (!lines.includes("\t") && (partOf(field) === "note" || !lines.includes("\n"))) return;
    event.preventDefault();
    const [, row, column] = field.name.split(".");
    block.value = text;
    document.getElementById("_corner_row").value = row;
    document.getElementById("_corner_column").value = column;
    form.requestSubmit(form.querySelector("[name=_paste]"));
  });

  const hint = document.querySelector("[data-sg-hint]");
  if (form.querySelector("[name=_save]")) {
    hint.textContent = hint.dataset.sgHint;
    hint.hidden = false;
  }
})();
