// A sale's page before, during and after, by the server's clock. At the start nothing is loaded: the button opens
// here. What is left is asked for now and then, each visitor at another moment.
"use strict";
(() => {
  const sale = document.querySelector("[data-sale]");
  if (!sale) return;
  const starts = Date.parse(sale.dataset.starts);
  const ends = Date.parse(sale.dataset.ends);
  const spots = (name) => [...sale.querySelectorAll(`[${name}]`)];
  let ahead = 0; // milliseconds by which the server's clock is before this device's
  let stopped = sale.dataset.sale === "over";
  let shown = "";
  const now = () => Date.now() + ahead;
  const state = () => (stopped || now() >= ends ? "over" : now() >= starts ? "running" : "coming");
  const between = (low, high) => low + Math.random() * (high - low);

  const text = (left) => {
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const two = (n) => String(n).padStart(2, "0");
    return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  };
  const tick = () => {
    const is = state();
    spots("data-until").forEach((spot) => {
      const left = text((spot.dataset.until === "starts" ? starts : ends) - now());
      if (spot.textContent !== left) spot.textContent = left;
    });
    if (is === shown) return;
    shown = is;
    spots("data-when").forEach((part) => { part.hidden = !part.dataset.when.split(" ").includes(is); });
    spots("data-buy").forEach((button) => { button.disabled = is !== "running"; });
  };

  const ask = async () => {
    if (state() === "over") return;
    let wait = between(20_000, 40_000); // also after an answer that did not come
    try {
      if (!document.hidden) {
        const sent = Date.now();
        const answer = await fetch(sale.dataset.pulse, { cache: "no-store" });
        if (answer.ok) {
          const told = await answer.json();
          ahead = told.now - (sent + Date.now()) / 2;
          stopped = told.state === "over";
          spots("data-hint").forEach((spot) => { spot.textContent = told.text; });
          if (state() === "running") wait = between(4_000, 9_000);
        }
      }
    } catch {
      // Without a network the clock goes on by itself.
    }
    tick();
    const left = starts - now();
    // Never in the first seconds of the sale: those belong to the orders.
    if (left > 0 && wait > left - 2_000) wait = left + between(3_000, 9_000);
    setTimeout(ask, wait);
  };

  tick();
  setInterval(tick, 250);
  ask();
})();
