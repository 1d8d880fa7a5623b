// A conversation: the newest message is in view, Ctrl and Enter send, a quick answer comes with one key.
"use strict";
(() => {
  const log = document.getElementById("talk");
  const box = document.querySelector("[data-say] textarea");
  const quick = [...document.querySelectorAll("[data-quick]")];
  const end = () => log && (log.scrollTop = log.scrollHeight);
  let near = true;
  end();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === log) near = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  });
  const last = () => [...log.querySelectorAll(".bubble")].pop();
  let known = log && last()?.id;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== log) return;
    if (near) end();  // who reads further up is left there
    const newest = last();
    if (!newest || newest.id === known) return;
    known = newest.id;
    // Only the new one is read out, not the whole log.
    document.querySelector("[data-told]").textContent = newest.innerText;
  });
  if (!box) return;
  const put = (link) => {
    const text = link.dataset.quick;
    const { selectionStart: from, selectionEnd: to, value } = box;
    const gap = value.slice(0, from).trim() && !/\s$/.test(value.slice(0, from)) ? "\n" : "";
    box.setRangeText(gap + text, from, to, "end");
    box.focus();
  };
  for (const link of quick) {
    link.addEventListener("click", (event) => { event.preventDefault(); put(link); });
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === box) {
      event.preventDefault();
      box.form.requestSubmit();
    }
    if (event.ctrlKey || event.metaKey) return;
    const place = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (place && quick[place - 1] && (event.altKey ? event.target === box || !typing : !typing)) {
      event.preventDefault();
      put(quick[place - 1]);
    }
    if (event.key === "r" && !event.altKey && !typing) {
      event.preventDefault();
      box.focus();
    }
  });
})();
