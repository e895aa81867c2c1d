/* What the field of the search offers while one types: a combobox by the ARIA pattern. Without
   JavaScript it is a plain form. htmx is fetched when the field is first used. */

(() => {
  "use strict";
  const field = document.querySelector("#site-search");
  const list = document.querySelector("#search-options");
  if (!field || !list) return;
  const script = document.currentScript.dataset.sgHtmx;
  const said = document.querySelector("[data-sg-said]");
  let chosen = -1;
  let isStale = false; // what is offered was asked for by another text
  let isLeft = false; // Escape was pressed: an answer that comes late opens nothing
  let timer;

  list.role = "listbox";
  list.ariaLabel = "Suggestions";
  field.role = "combobox";
  field.ariaAutoComplete = "list";
  field.ariaExpanded = "false";
  const attributes = {
    "aria-controls": list.id,
    "aria-keyshortcuts": "Control+K Meta+K",
    "data-hx-get": field.dataset.sgOptions,
    "data-hx-trigger": "input changed delay:120ms, ask",
    "data-hx-target": `#${list.id}`,
    "data-hx-sync": "this:replace",
  };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);

  const options = () => [...list.querySelectorAll("[role=option]")];

  const choose = (place) => {
    const all = options();
    chosen = all.length ? (place + all.length + 1) % (all.length + 1) : -1;
    if (chosen === all.length) chosen = -1; // back in the field
    all.forEach((option, at) => (option.ariaSelected = String(at === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };

  const show = (isOpen) => {
    list.hidden = !isOpen;
    field.ariaExpanded = String(isOpen);
    if (!isOpen) choose(-1);
  };

  // Once, when the typing rests.
  const say = (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => (said.textContent = text), 600);
  };

  const fetchHtmx = () => {
    if (window.htmx || document.querySelector("[data-sg-fetched]")) return;
    const element = Object.assign(document.createElement("script"), { src: script });
    element.dataset.sgFetched = "";
    element.onload = () => isStale && window.htmx.trigger(field, "ask"); // typed meanwhile
    document.head.append(element);
  };

  list.addEventListener("htmx:afterSwap", () => {
    options().forEach((option, at) => (option.id = `option-${at}`));
    isStale = false;
    choose(-1);
    show(field.value && !isLeft && options().length > 0 && document.activeElement === field);
    say(list.querySelector("[data-sg-count]")?.textContent ?? "");
  });
  for (const failure of ["htmx:responseError", "htmx:sendError"]) field.addEventListener(failure, () => show(false));
  field.addEventListener("input", () => {
    isStale = true;
    isLeft = false;
    choose(-1);
    if (!field.value) show(false);
  });
  field.addEventListener("focus", fetchHtmx);
  field.addEventListener("blur", () => {
    show(false);
    say("");
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus

  field.addEventListener("keydown", (event) => {
    const { key, isComposing } = event;
    if (isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const isOpen = !list.hidden;
    if ((key === "ArrowDown" || key === "ArrowUp") && options().length && !isStale) {
      if (!isOpen) show(true);
      choose(chosen < 0 && key === "ArrowUp" ? options().length - 1 : chosen + (key === "ArrowUp" ? -1 : 1));
    } else if (key === "Enter" && isOpen && chosen >= 0) options()[chosen].click();
    else if (key === "Escape" && isOpen) {
      isLeft = true;
      show(false);
      say("");
    }
    else return;
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
