// The figures of an answer: one large, a table, or a chart with the table one press away.
import { button, el } from "../base/dom.js";
import { cell, heads } from "../base/format.js";
import { chart } from "./chart.js";
import { table } from "./table.js";

export function figure(answer) {
  if (!answer.rows?.length || quotesOnly(answer)) return null;
  if (answer.rows.length === 1 && answer.columns.length === 1) return value(answer);
  if (!answer.chart) return el("div", { class: "figure" }, ...table(answer));
  return toggled(answer);
}

// Customers' words are shown as quotes; a table would say them twice.
function quotesOnly(answer) {
  return answer.query?.kind === "evidence" && answer.evidence?.length > 0;
}

function value(answer) {
  const [column] = answer.columns;
  return el("p", { class: "value" }, cell(answer.rows[0][0], column), el("small", {}, heads(answer)[0]));
}

// Each answer begins with its chart: nothing is remembered from another.
function toggled(answer) {
  const box = el("div");
  const views = { Chart: () => [chart(answer)], Table: () => table(answer) };
  const buttons = Object.keys(views).map((name) => button(name, () => choose(name)));
  function choose(name) {
    for (const each of buttons) each.setAttribute("aria-pressed", each.textContent === name);
    box.replaceChildren(...views[name]());
  }
  choose("Chart");
  return el("div", { class: "figure" }, el("div", { class: "toggle", role: "group", "aria-label": "Show as" }, ...buttons), box);
}
