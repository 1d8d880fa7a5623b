// What was searched for before stays on this device: it is kept here, shown here, and sent nowhere.
"use strict";
(() => {
  const found = document.querySelector("[data-searched]");
  const place = document.querySelector("[data-recent]");
  const box = document.getElementById("search");
  const key = `searched:${location.pathname}`;
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) || "[]");
      return Array.isArray(kept) ? kept.filter((word) => typeof word === "string") : [];
    } catch {
      return [];
    }
  };
  const write = (words) => {
    try {
      localStorage.setItem(key, JSON.stringify(words.slice(0, 8)));
    } catch {
      // A browser that keeps nothing shows nothing.
    }
  };
  if (found) {
    const word = found.dataset.searched;
    write([word, ...read().filter((other) => other !== word)]);
  }
  if (place) {
    const list = place.querySelector("nav");
    const words = read();
    for (const word of words) {
      const link = document.createElement("a");
      link.className = "chip";
      link.href = `${place.dataset.search}?q=${encodeURIComponent(word)}`;
      link.textContent = word;
      list.append(link);
    }
    place.hidden = words.length === 0;
    place.querySelector("button").addEventListener("click", () => {
      write([]);
      place.hidden = true;
    });
  }
  if (box && !box.value) box.focus();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.getElementById("suggestions").replaceChildren();
  });
})();
