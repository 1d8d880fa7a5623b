// Hearts answer at once, and what was looked at stays on this device: it is kept here and sent nowhere
// but to have it drawn.
"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];

  const press = (heart, kept) => {
    heart.setAttribute("aria-pressed", String(kept));
    heart.name = kept ? "drop" : "keep";
  };
  const kept = new Set((document.querySelector("[data-kept]")?.value || "").split(" "));
  for (const heart of all(".heart")) if (kept.has(heart.value)) press(heart, true);
  document.getElementById("hearts")?.addEventListener("submit", async (event) => {
    const heart = event.submitter;
    if (!heart || !window.fetch) return;
    event.preventDefault();
    const body = new URLSearchParams({ [heart.name]: heart.value });
    const keep = heart.name === "keep";
    const same = all(".heart").filter((other) => other.value === heart.value);
    for (const each of same) press(each, keep);
    let good = false;
    try {
      const answer = await fetch(event.target.action, { method: "POST", body, headers: { Accept: "application/json" } });
      good = answer.ok;
      if (answer.status === 409) location.href = event.target.action;  // full: the list says what to do
    } catch {
      good = false;  // no network
    }
    if (!good) for (const each of same) press(each, !keep);
  });

  const shop = /^\/s\/([^/]+)\//.exec(location.pathname)?.[1];
  const key = `seen:${shop}`;
  const MOST = 24;
  const read = () => {
    try {
      const found = JSON.parse(localStorage.getItem(key) || "[]");
      return Array.isArray(found) ? found.filter((handle) => typeof handle === "string") : [];
    } catch {
      return [];
    }
  };
  const write = (handles) => {
    try {
      if (handles.length) localStorage.setItem(key, JSON.stringify(handles.slice(0, MOST)));
      else localStorage.removeItem(key);
    } catch {
      // A browser that keeps nothing shows nothing.
    }
  };
  const here = document.querySelector("[data-seen]");
  if (here) write([here.dataset.seen, ...read().filter((handle) => handle !== here.dataset.seen)]);
  // Whoever signs out leaves nothing for the next one at this device.
  document.addEventListener("submit", (event) => {
    if (event.target.action?.endsWith("/sign-out")) write([]);
  });

  const list = document.querySelector("[data-seen-list]");
  if (list) {
    const none = document.querySelector("[data-seen-none]");
    const place = document.querySelector("[data-seen-cards]");
    const forget = list.querySelector("button");
    const empty = () => { none.hidden = false; forget.hidden = true; place.replaceChildren(); };
    forget.addEventListener("click", () => { write([]); empty(); });
    const handles = read();
    if (!handles.length) empty();
    else {
      place.setAttribute("aria-busy", "true");
      fetch(`${list.dataset.seenList}?${new URLSearchParams(handles.map((handle) => ["p", handle]))}`)
        .then((answer) => (answer.ok ? answer.text() : ""))
        .then((text) => {
          place.innerHTML = text;
          place.removeAttribute("aria-busy");
          if (place.querySelector(".good")) forget.hidden = false;
          else empty();
        })
        .catch(empty);
    }
  }
})();
