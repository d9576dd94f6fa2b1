// The rows of an answer, the first dozen at once.
import { button, el } from "../base/dom.js";
import { cell, heads, isNumeric } from "../base/format.js";

const FIRST_ROWS = 12;

export function table(answer) {
  const body = el("tbody", {}, ...answer.rows.slice(0, FIRST_ROWS).map((row) => line(row, answer.columns)));
  const labels = heads(answer);
  const top = el("tr", {}, ...answer.columns.map((column, i) => el("th", { scope: "col", class: isNumeric(column) && "right" }, labels[i])));
  const grid = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" }, el("table", {}, el("thead", {}, top), body));
  const rest = answer.rows.slice(FIRST_ROWS);
  if (!rest.length) return [grid];
  const more = button(`Show all ${answer.rows.length} rows`, () => {
    body.append(...rest.map((row) => line(row, answer.columns)));
    more.remove();
    grid.focus();
  }, { class: "more" });
  return [grid, more];
}

function line(row, columns) {
  return el("tr", {}, ...row.map((raw, i) => el("td", { class: isNumeric(columns[i]) && "right" }, cell(raw, columns[i]))));
}
