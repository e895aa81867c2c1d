// Counts what is ticked, to ten, and keeps it when a new list comes without it.
(() => {
  "use strict";
  const picked = new Set();
  const each = (what, act) => document.querySelectorAll(what).forEach(act);
  const show = (full) => {
    const kept = new Set(picked);
    each("[form=tray]", (box) => {
      box.checked = picked.has(box.value);
      kept.delete(box.value);
    });
    const option = (slug) => new Option(slug, slug, true, true);
    each("[data-sg-kept]", (list) => list.replaceChildren(...[...kept].map(option)));
    each("[data-sg-count]", (word) => (word.textContent = picked.size ? ` (${picked.size})` : ""));
    each("[data-sg-full]", (line) => (line.textContent = full ? line.dataset.sgFull : ""));
  };
  addEventListener("change", ({ target: { value, checked, form } }) => {
    if (form?.id !== "tray") return;
    const full = checked && picked.size > 9;
    if (!full) picked[checked ? "add" : "delete"](value);
    show(full);
  });
  addEventListener("pageshow", () => {
    each("[form=tray]:checked", (box) => picked.add(box.value));
    show();
  });
  addEventListener("htmx:afterSwap", () => show());
  addEventListener("htmx:historyRestore", () => show());
})();
