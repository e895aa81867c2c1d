/* Short lists of choices stand open where there is room for them beside the answer. */

(() => {
  "use strict";
  if (!matchMedia("(width >= 62rem)").matches) return;
  for (const list of document.querySelectorAll("[data-sg-wide]")) list.open = true;
})();
