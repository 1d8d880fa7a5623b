// The grid of SKUs by keyboard: move, take over from above, paste a column. Without it the form works as it is.
"use strict";
(() => {
  const form = document.querySelector("[data-grid]");
  if (!form) return;
  const rows = [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td input")]);
  const placeOf = (input) => {
    const row = rows.findIndex((cells) => cells.includes(input));
    return [row, row < 0 ? -1 : rows[row].indexOf(input)];
  };
  const go = (row, column) => {
    const cell = rows[row]?.[column];
    if (!cell) return false;
    cell.focus();
    if (cell.select) cell.select();
    return true;
  };
  const mark = (cell) => {
    const changed = cell.type === "checkbox" ? cell.checked !== cell.defaultChecked : cell.value !== cell.defaultValue;
    cell.closest("td").classList.toggle("changed", changed);
  };
  const put = (cell, from) => {
    if (cell.type === "checkbox") cell.checked = from.checked;
    else cell.value = from.value;
    mark(cell);
  };

  form.addEventListener("input", (event) => {
    if (placeOf(event.target)[0] >= 0) mark(event.target);
  });

  form.addEventListener("keydown", (event) => {
    const [row, column] = placeOf(event.target);
    if (row < 0 || event.altKey || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") {
      if (row > 0) put(event.target, rows[row - 1][column]);
      event.preventDefault();
    } else if (event.ctrlKey || event.metaKey) {
      return;
    } else if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) {
      if (go(row + 1, column) || event.key === "Enter") event.preventDefault();
    } else if (event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey)) {
      if (go(row - 1, column) || event.key === "Enter") event.preventDefault();
    }
  });

  form.addEventListener("paste", (event) => {
    const [row, column] = placeOf(event.target);
    const text = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "");
    if (row < 0 || !/[\n\t]/.test(text)) return;
    event.preventDefault();
    text.split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
      const cell = rows[row + down]?.[column + right];
      if (!cell) return;
      if (cell.type === "checkbox") cell.checked = /^(1|yes|true|是)$/i.test(value.trim());
      else cell.value = value.trim();
      mark(cell);
    }));
  });

  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && form.querySelector("td.changed")) event.preventDefault();
  });
  form.querySelector("[aria-invalid]")?.focus();
})();
