/* What htmx cannot do: copy, and keep count of what is ticked. Without JavaScript nothing is missed. */

// Buttons that copy. A page without JavaScript never shows them; the words come from the page.
(() => {
  "use strict";
  const said = document.querySelector("[data-sg-said]");

  const reveal = () => {
    for (const button of document.querySelectorAll("[data-sg-copy], [data-sg-copy-from]")) {
      button.dataset.sgWord ??= button.textContent;
      button.textContent = button.dataset.sgWord;
      button.hidden = false;
    }
  };

  const fetchText = async (address) => {
    const answer = await fetch(address, { mode: "same-origin" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.text();
  };

  // Plain http on another host than this machine has no clipboard.
  const writeByHand = (text) => {
    const area = document.createElement("textarea");
    area.className = "vh";
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("The browser does not copy.");
  };

  const copy = async (button) => {
    const { sgCopy, sgCopyFrom } = button.dataset;
    const text = sgCopyFrom ? await fetchText(sgCopyFrom) : document.querySelector(sgCopy).textContent;
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else writeByHand(text);
  };

  const say = (button, word) => {
    button.focus(); // writing by hand took it away
    button.textContent = said.textContent = word;
    clearTimeout(button.sgTimer);
    button.sgTimer = setTimeout(() => {
      button.textContent = button.dataset.sgWord;
      said.textContent = "";
    }, 2000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sg-copy], [data-sg-copy-from]");
    if (!button) return;
    copy(button).then(
      () => say(button, button.dataset.sgCopied),
      () => say(button, button.dataset.sgFailed),
    );
  });
  document.addEventListener("htmx:load", reveal);
  reveal();
})();

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
  // What a swap takes away: the pair of columns chosen on a phone, and a box that had the focus.
  const choosers = () => [...document.querySelectorAll(".chooser select")];
  let pair = [];
  addEventListener("htmx:beforeSwap", () => (pair = choosers().map(({ value }) => value)));
  addEventListener("htmx:afterSwap", () => {
    choosers().forEach((select, place) => {
      const same = [...select.options].find(({ value }) => value === pair[place]);
      if (same) same.selected = true;
    });
    show();
  });
  addEventListener("htmx:afterSettle", () => {
    if (document.activeElement === document.body) document.getElementById("add")?.focus();
  });
  addEventListener("htmx:historyRestore", () => show());
})();
