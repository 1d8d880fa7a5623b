// Comforts on top of pages that work without any script: the phone's own share sheet, and the page for no network.
"use strict";
(() => {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/promote/worker.js");

  document.querySelectorAll("[data-share-url]").forEach((button) => {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const { shareText: text, shareUrl: url, shareTitle: title } = button.dataset;
      navigator.share({ title, text, url }).catch(() => {});  // whoever closes the sheet has decided so
    });
  });
})();
