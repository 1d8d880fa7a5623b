// Sends the form again after the time that the server asked for, and up to half of it more: not all at once.
"use strict";
(() => {
  const form = document.querySelector("form[data-retry-after]");
  if (!form) return;
  const spot = form.querySelector("[data-left]");
  const at = Date.now() + Number(form.dataset.retryAfter) * 1000 * (1 + Math.random() / 2);
  const tick = () => {
    const left = Math.max(0, Math.ceil((at - Date.now()) / 1000));
    spot.textContent = String(left);
    if (left === 0) form.requestSubmit();
  };
  const timer = setInterval(tick, 500);
  form.addEventListener("submit", () => clearInterval(timer));
  tick();
})();
