// "How this was computed": the definition in words, the filters, the SQL, and which data it saw.
import { button, el } from "../base/dom.js";
import { day } from "../base/format.js";
import { copyText } from "./copy.js";

// The panel, shut; it is filled when it is opened, because the turn goes on learning about itself.
export function computed(answer) {
  if (!answer.provenance) return null;
  return el("div", { class: "computed", role: "region", "aria-label": "How this was computed", hidden: true, tabindex: "-1" });
}

export function fill(panel, answer, turn) {
  const from = answer.provenance;
  const entries = [
    ...(from.metrics ?? []).map((metric) => [metric.label, definition(metric)]),
    ["Filters", (answer.filters ?? []).map((one) => one.text).join("; ") || "none: all data"],
    ["Compared with", compared(answer.query)],
    ["Data as of", day(from.data_as_of)],
    ["Snapshot", el("code", {}, from.snapshot)],
    ["Rows", from.truncated ? `${from.row_count}, cut at the limit` : String(from.row_count)],
    ["Time", times(from, turn)],
    ["Request", turn.requestId && el("code", {}, turn.requestId)],
  ];
  const list = el("dl", {}, ...entries.filter(([, text]) => text).flatMap(([term, text]) => [el("dt", {}, term), el("dd", {}, text)]));
  panel.replaceChildren(...[list, sql(from.sql)].filter(Boolean));
}

function definition(metric) {
  const formula = metric.expression ? el("code", { class: "formula" }, metric.expression) : null;
  return el("div", {}, el("span", {}, metric.description), formula);
}

function compared(query) {
  const range = query?.comparison?.range;
  if (!range) return null;
  const last = new Date(`${range.end}T00:00:00Z`);
  last.setUTCDate(last.getUTCDate() - 1);
  const days = `${day(range.start)} to ${day(last.toISOString().slice(0, 10))}`;
  return range.label ? `${range.label} (${days})` : days;
}

function times(from, turn) {
  const parts = [from.elapsed_ms && `query ${Math.round(from.elapsed_ms)} ms`, turn.elapsedMs && `answer ${Math.round(turn.elapsedMs)} ms`];
  return parts.filter(Boolean).join(", ");
}

function sql(text) {
  if (!text) return null;
  const copy = button("Copy", () => copyText(copy, text), { class: "quiet-button" });
  const head = el("div", { class: "sql-head" }, el("h3", {}, "SQL"), copy);
  return el("div", {}, head, el("pre", { tabindex: "0", role: "region", "aria-label": "SQL" }, text));
}
