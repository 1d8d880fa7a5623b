// Keys on a record's page: each control says its own in data-key. A link is followed; a form is opened and begun.
"use strict";
(() => {
  const open = (spot) => {
    const folded = spot.closest("details");
    if (folded) folded.open = true;
    spot.scrollIntoView({ block: "center" });
    spot.querySelector("select, textarea, input:not([type=hidden]), button")?.focus();
  };
  const follow = (link) => {
    const spot = link.hash && link.pathname === location.pathname && document.querySelector(link.hash);
    if (spot) open(spot);
    return Boolean(spot);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-key]");
    if (link && follow(link)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control) return;
    event.preventDefault();
    if (!follow(control)) control.click();
  });
  document.querySelector("details[open] .notice-error, details[data-typed]")?.closest("details")?.scrollIntoView();
})();
