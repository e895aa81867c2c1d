/* Buttons that copy. A page without JavaScript never shows them; the words come from the page. */
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
