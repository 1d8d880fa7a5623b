/* Light or dark as the system says, before the first paint; the menu is open where there is room for it. */
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var wide = window.matchMedia("(min-width: 1100px)");
  function paint() {
    document.documentElement.classList.toggle("dark", dark.matches);
  }
  function unfold() {
    var nav = document.getElementById("op-nav");
    if (nav) {
      nav.open = wide.matches;
    }
  }
  paint();
  dark.addEventListener("change", paint);
  wide.addEventListener("change", unfold);
  document.addEventListener("DOMContentLoaded", unfold);
})();
