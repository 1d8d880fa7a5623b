// Small comforts on top of pages that already work without any script.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // Stepper: buttons beside a plain number input.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const input = button.parentElement.querySelector("input");
    const wanted = (parseInt(input.value, 10) || 0) + parseInt(button.dataset.step, 10);
    const low = input.min === "" ? -Infinity : parseInt(input.min, 10);
    const high = input.max === "" ? Infinity : parseInt(input.max, 10);
    input.value = String(Math.min(high, Math.max(low, wanted)));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // Gallery: say which picture is in view.
  all("[data-gallery]").forEach((gallery) => {
    const where = gallery.querySelector("[data-where]");
    if (!where) return;  // one picture only
    const strip = gallery.querySelector("ul");
    const total = strip.children.length;
    const tell = () => {
      const index = Math.round(strip.scrollLeft / Math.max(1, strip.clientWidth));
      where.textContent = `${Math.min(total, index + 1)} / ${total}`;
    };
    strip.addEventListener("scroll", tell, { passive: true });
    tell();
  });

  // Sheet: Escape closes, focus goes in and comes back.
  let opener = null;
  const openSheet = () => document.querySelector(".sheet:target, .console-side:target");
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const goal = link && document.getElementById(link.hash.slice(1));
    if (goal?.matches(".sheet, .console-side")) opener = link;
  });
  window.addEventListener("hashchange", () => {
    const sheet = openSheet();
    if (sheet) (sheet.querySelector("input:checked, input, a.close") || sheet).focus({ preventScroll: true });
    else if (opener) { opener.focus({ preventScroll: true }); opener = null; }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && openSheet()) location.hash = "_";
    if (event.key !== "Tab" || !openSheet()) return;
    const stops = all("a[href]:not(.veil), button:not(:disabled), input:not(:disabled)", openSheet());
    const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
    }
  });

  // SKU sheet: show price, stock and picture of the chosen combination.
  const showSku = (form) => {
    const data = form.querySelector("script[type='application/json']");
    if (!data) return;
    const chosen = all("[data-option]", form).map((group) => group.querySelector("input:checked")?.value);
    const single = form.querySelector("input[name=sku]:checked")?.value;
    const sku = JSON.parse(data.textContent).find((item) =>
      single ? String(item.id) === single : item.values.every((value, i) => value === chosen[i]));
    const sheet = form.closest(".sheet") || form;
    const set = (name, text) => all(`[data-sku-${name}]`, sheet).forEach((spot) => { spot.textContent = text; });
    all("[data-sku-submit]", form).forEach((button) => { button.disabled = !sku || sku.stock < 1; });
    if (!sku) return set("stock", form.dataset.none);
    set("price", sku.price);
    set("stock", sku.stock_text);
    const picture = sheet.querySelector("[data-sku-picture]");
    if (picture && sku.image) picture.src = sku.image;
    const count = form.querySelector("[data-stepper] input");
    if (count) count.max = String(Math.max(1, sku.stock));
  };
  all("form[data-skus]").forEach((form) => {
    form.addEventListener("change", () => showSku(form));
    showSku(form);
  });

  // Countdown: a plain reading of a true deadline that the page already states.
  const countdowns = all("[data-countdown]");
  const tick = () => countdowns.forEach((spot) => {
    const left = Math.max(0, Math.floor((Date.parse(spot.dataset.countdown) - Date.now()) / 1000));
    const two = (n) => String(n).padStart(2, "0");
    const days = Math.floor(left / 86400);
    const said = (count, unit) => new Intl.NumberFormat(
      document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
    const hours = Math.floor(left / 3600);
    const clock = `${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    // Seconds hurry nobody whose time is counted in days.
    spot.textContent = days ? `${said(days, "day")} ${said(hours % 24, "hour")}` : hours ? `${hours}:${clock}` : clock;
  });
  if (countdowns.length) { tick(); setInterval(tick, 1000); }

  // Copy and share.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = button.parentElement.querySelector("input");
    const text = button.dataset.copy || source.value;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      if (!source) return;
      source.select();
      document.execCommand("copy");
    }
    const label = button.textContent;
    button.textContent = button.dataset.done || label;
    setTimeout(() => { button.textContent = label; }, 2000);
  });

  // A form is sent once; slow work shows that it is on its way. Coming back makes it usable again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-many")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter || form.querySelector("button");
    button?.setAttribute("aria-busy", "true");
    button?.setAttribute("data-woken", "");
    const bar = document.createElement("progress");
    bar.className = "busy-bar";
    document.body.append(bar);
  });
  const wake = () => {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    all("[data-woken]").forEach((button) => { button.removeAttribute("aria-busy"); button.removeAttribute("data-woken"); });
    all(".busy-bar").forEach((bar) => bar.remove());
  };
  window.addEventListener("pageshow", wake);
  document.addEventListener("htmx:afterRequest", wake);
  document.addEventListener("sending:over", wake);

  // Choices that take effect at once (filters, quantities in the cart).
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest("[role=status]")?.remove();
  });
  // Tick all rows of a table.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-pick-all]")) return;
    all("tbody .pick input", event.target.closest("table")).forEach((box) => { box.checked = event.target.checked; });
  });
})();
