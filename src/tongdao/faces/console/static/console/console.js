// Keys for lists: / goes to the search box, j and k from row to row, Enter opens the row.
"use strict";
(() => {
  const typing = (spot) => spot.closest("input, textarea, select, [contenteditable]") !== null;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const box = document.querySelector("main [name=q], #find");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    }
    if (event.key !== "j" && event.key !== "k") return;
    const rows = [...document.querySelectorAll("main tbody th a[href]")];
    const at = rows.indexOf(document.activeElement);
    const next = event.key === "j" ? at + 1 : Math.max(at - 1, 0);
    rows[Math.min(next, rows.length - 1)]?.focus();
  });
})();
