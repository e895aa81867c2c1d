/* A browser that comes back to a form may fetch it anew and fill in what was typed into the old
   page. What says from which state the form was made must then be the old page's, too: else what
   somebody saved in between would be overwritten unseen. Without JavaScript see _made_from.html. */
(() => {
  "use strict";
  const fields = [...document.querySelectorAll("[data-sg-made-from]")];
  if (!fields.length) return;

  const isFilledIn = (field) => {
    if (field.type === "checkbox" || field.type === "radio")
      return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== (field.defaultValue ?? field.value);
    const initial = [...field.options].filter((option) => option.defaultSelected);
    return initial.length ? initial.some(({ selected }) => !selected) : field.selectedIndex > 0;
  };

  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) return; // the very page that was left
    const old = history.state?.sgMadeFrom;
    if (old && [...fields[0].form.elements].some(isFilledIn))
      for (const field of fields) field.value = old[field.name] ?? field.value;
    const now = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    history.replaceState({ ...history.state, sgMadeFrom: now }, "");
  });
})();
