/* What forms of the admin lack: how full a field is, what is not saved yet, and how Markdown will
   read. Without JavaScript nothing is missed. The words come from the page. */
(() => {
  "use strict";
  const words = document.querySelector("[data-sg-form]")?.dataset;
  if (!words) return;
  const form = document.querySelector("[data-sg-form]").closest("form");
  const said = form.querySelector("[data-sg-said]");
  const number = (value) => value.toLocaleString(document.documentElement.lang);
  const put = (text, values) =>
    text.replace(/\{(\w+)\}/g, (_, name) => number(values[name]));
  const write = (line, text) => {
    if (line.textContent !== text) line.textContent = text; // else it would be read out again
  };

  // How full a field is ---------------------------------------------------------------------------

  const FULL = 0.9;
  const lines = new Map(); // by field

  // A server counts characters, and so does whoever may type on; a browser that stops counts units.
  const limitOf = (field) => Number(field.dataset.sgMost ?? field.maxLength);
  const lengthOf = ({ dataset, value }) => (dataset.sgMost ? [...value].length : value.length);

  const addLine = (field) => {
    if (lines.has(field) || field.name.includes("__prefix__")) return;
    const line = document.createElement("div");
    line.id = `${field.id}_count`;
    line.className = "help count";
    const tools = field.closest("[data-sg-markdown]")?.querySelector("[data-sg-preview]");
    (tools ?? field.closest(".flex-container") ?? field).after(line);
    const described = field.getAttribute("aria-describedby");
    field.setAttribute("aria-describedby", described ? `${described} ${line.id}` : line.id);
    lines.set(field, line);
  };

  const addLines = (part) => {
    for (const field of part.querySelectorAll("input[maxlength], textarea[maxlength], [data-sg-most]"))
      if (field.type !== "hidden") addLine(field);
  };

  const count = (line, field) => {
    const most = limitOf(field);
    const length = lengthOf(field);
    write(line, put(words.sgCount, { count: length, most }));
    line.toggleAttribute("data-sg-full", length >= most * FULL);
    line.toggleAttribute("data-sg-over", length > most);
  };

  // Once the typing rests, not with each key.
  const warn = (field) => {
    const left = limitOf(field) - lengthOf(field);
    const isNear = left <= limitOf(field) * (1 - FULL);
    const text = left < 0 ? put(words.sgOver, { count: -left }) : put(words.sgLeft, { count: left });
    write(said, isNear ? text : "");
  };

  // What is not saved yet -------------------------------------------------------------------------

  let isLeaving = false;

  const chosen = (options, is) => options.filter((option) => option[is]).map(({ value }) => value);
  const differs = (field) => {
    if (!field.name || field.disabled || field.type === "submit") return false;
    if (field.type === "checkbox" || field.type === "radio")
      return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== (field.defaultValue ?? field.value);
    const options = [...field.options];
    const was = chosen(options, "defaultSelected");
    if (!was.length && !field.multiple && options.length) was.push(options[0].value);
    return String(chosen(options, "selected")) !== String(was);
  };

  // Compared with what the page came with: what a browser restored on the way back counts too.
  const unsaved = () => new Set([...form.elements].filter(differs).map(({ name }) => name)).size;

  const show = () => {
    lines.forEach(count);
    const fields = unsaved();
    const text = fields === 1 ? words.sgOne : put(words.sgMany, { count: fields });
    // What was refused came with the page, and nobody knows how much of it was new.
    const whole = words.sgRefused ?? (fields ? text : "");
    for (const line of form.querySelectorAll("[data-sg-unsaved]")) write(line, whole);
  };

  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(show, 250);
  };

  addEventListener("beforeunload", (event) => {
    if (!isLeaving && (unsaved() || words.sgRefused)) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget !== "_blank") isLeaving = true;
  });
  addEventListener("pageshow", () => {
    isLeaving = false;
    addLines(form);
    show();
  });

  // How Markdown will read ------------------------------------------------------------------------

  const fetchPreview = async ({ name, value, formAction }) => {
    const data = new FormData();
    const token = "csrfmiddlewaretoken";
    data.set(token, form.elements[token].value);
    data.set(name, value);
    data.set(value, form.elements[value].value);
    data.set("_piece", "1");
    // Who is signed out is sent elsewhere: that is no preview.
    const answer = await fetch(formAction, { method: "POST", body: data, redirect: "error" });
    const isTooLong = answer.status === 413;
    if (!answer.ok && !isTooLong) throw new Error(`${formAction}: ${answer.status}`);
    return answer.text();
  };

  const preview = async (button) => {
    const region = document.getElementById(button.dataset.sgPreview);
    const shown = region.querySelector("[data-sg-shown]");
    const turn = (region.sgTurn = (region.sgTurn ?? 0) + 1);
    region.hidden = false;
    region.querySelector("[data-sg-old]").hidden = true;
    shown.setAttribute("aria-busy", "true");
    const html = await fetchPreview(button).catch(() => null);
    if (turn !== region.sgTurn) return; // pressed again meanwhile
    if (html === null) shown.textContent = words.sgFailed;
    else shown.innerHTML = html; // sanitised by the server, as on the pages of readers
    shown.removeAttribute("aria-busy");
  };

  const close = (region) => {
    region.hidden = true;
    form.querySelector(`[data-sg-preview="${region.id}"]`).focus();
  };

  // What happens in the form ----------------------------------------------------------------------

  form.addEventListener("input", ({ target }) => {
    isLeaving = false; // whoever types on has stopped the sending
    soon();
    if (!lines.has(target)) return;
    count(lines.get(target), target);
    clearTimeout(target.sgTimer);
    target.sgTimer = setTimeout(warn, 1000, target);
    const old = target.closest("[data-sg-markdown]")?.querySelector("[data-sg-old]");
    if (old) old.hidden = false;
  });
  document.addEventListener("click", (event) => {
    soon(); // Django's own buttons fill in fields and say nothing of it
    const button = event.target.closest("[data-sg-preview]");
    if (button) {
      event.preventDefault();
      preview(button);
    }
    const region = event.target.closest("[data-sg-close]")?.closest("[role=region]");
    if (region) close(region);
  });
  form.addEventListener("change", soon);
  document.addEventListener("formset:added", ({ target }) => {
    addLines(target);
    soon();
  });
  document.addEventListener("formset:removed", soon);
  // Pickers tell jQuery alone.
  window.django?.jQuery?.(form).on("change", soon);
})();
