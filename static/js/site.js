/* What htmx cannot do: copy, and heed what is ticked. Without JavaScript nothing is missed. */

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

// Holds what is ticked to ten; names it in a category, where the server does not.
(() => {
  const every = (what) => [...document.querySelectorAll(what)];
  const show = () => {
    const names = new Map(every("[form=tray]:checked").map((box) => [box.value, box.ariaLabel.slice(8)]));
    const button = ([value, textContent]) =>
      Object.assign(document.createElement("button"), { type: "button", value, textContent });
    every("[data-sg-names]").forEach((list) => list.replaceChildren(...[...names].map(button)));
  };
  const tick = (event) => {
    const { form, name, value, checked } = event.target;
    if (form?.id !== "tray" || name !== "t") return;
    const full = new Set(new FormData(form).getAll("t")).size > 10;
    if (full) event.stopImmediatePropagation();
    every(`[form=tray][value="${value}"]`).forEach((box) => (box.checked = checked && !full));
    every("[data-sg-full]").forEach((line) => (line.textContent = full ? line.dataset.sgFull : ""));
    show();
  };
  addEventListener("change", tick, true); // before htmx
  addEventListener("click", ({ target }) => {
    if (!target.matches("[data-sg-names] > *")) return;
    const [box] = every(`[form=tray][value="${target.value}"]`);
    box.focus();
    box.click();
  });
  addEventListener("reset", () => setTimeout(show));
  addEventListener("pageshow", show);
  // What a swap takes away: columns chosen on a phone, the focus.
  let pair = [];
  addEventListener("htmx:beforeSwap", () => (pair = every(".chooser select").map(({ value }) => value)));
  addEventListener("htmx:afterSwap", () => {
    every(".chooser select").forEach((select, place) => {
      const same = [...select.options].find(({ value }) => value === pair[place]);
      if (same) same.selected = true;
    });
  });
  addEventListener("htmx:afterSettle", () => {
    if (document.activeElement !== document.body) return;
    document.querySelector("#add, .tray button")?.focus({ preventScroll: true });
  });
})();
