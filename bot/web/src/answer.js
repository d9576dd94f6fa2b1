// <verbatim-answer>: one turn, from "looking" to figures. Everything is built as elements and text.
import css from "./answer.css.js";
import { chips, el, styled } from "./dom.js";
import { cell, day, heads, isNumeric } from "./format.js";

const FIRST_ROWS = 12;
const SLOW_MS = 3000;

const turns = new Map();

export function show(turn) {
  turns.set(turn.id, turn);
  return `<verbatim-answer data-turn="${turn.id}"></verbatim-answer>`;
}

class AnswerElement extends HTMLElement {
  connectedCallback() {
    this.turn = turns.get(this.dataset.turn);
    if (!this.turn || this.shadowRoot) return;
    styled(this.attachShadow({ mode: "open" }), css);
    this.update = () => this.render();
    this.turn.addEventListener("change", this.update);
    this.slow = setTimeout(this.update, SLOW_MS);
    this.render();
  }

  render() {
    const { turn } = this;
    const parts = turn.answers.map((part) => (part.answer ? (part.node ??= section(part.answer)) : headlineOnly(part)));
    if (turn.state === "waiting") parts.push(el("p", { class: "status", role: "status" }, waiting(turn)));
    if (turn.state === "failed") parts.push(failure(turn));
    this.shadowRoot.replaceChildren(...parts);
    if (turn.state !== "waiting") clearTimeout(this.slow);
  }
}

customElements.define("verbatim-answer", AnswerElement);

function waiting(turn) {
  return Date.now() - turn.started < SLOW_MS ? "Looking at the data …" : "Still working: this one takes longer …";
}

function headlineOnly(part) {
  return el("section", {}, el("p", { class: "headline" }, part.text));
}

function failure(turn) {
  const retry = el("button", { type: "button", class: "chip", on: { click: () => turn.retry() } }, "Try again");
  const about = turn.error.requestId ? el("small", {}, `Request ${turn.error.requestId}`) : null;
  return el("div", { class: "issue bad", role: "alert" }, el("p", {}, turn.error.message), about, el("div", { class: "chips" }, retry));
}

function section(answer) {
  return el(
    "section",
    {},
    el("p", { class: answer.rows.length ? "headline has-data" : "headline" }, together(answer.text)),
    filters(answer),
    figure(answer),
    ...(answer.issues ?? []).map((one) => issue(one, answer.text)),
    recommendations(answer.recommendations),
    evidence(answer.evidence),
    computed(answer),
    chips(unsaid(answer), "Ask next"),
  );
}

// A figure and its percent sign stay on one line.
function together(text) {
  return text.replace(/(\d) %/g, "$1\u00a0%");
}

function filters(answer) {
  const words = (answer.filters ?? []).map((one) => one.text);
  return words.length ? el("ul", { class: "filters", "aria-label": "Filters in force" }, ...words.map((text) => el("li", {}, text))) : null;
}

function figure(answer) {
  if (!answer.rows.length) return null;
  if (answer.rows.length === 1 && answer.columns.length === 1) return value(answer);
  if (!answer.chart) return el("div", { class: "figure" }, ...table(answer));
  const box = el("div");
  const views = { Chart: () => [chart(answer)], Table: () => table(answer) };
  const buttons = Object.keys(views).map((name) => el("button", { type: "button", on: { click: () => choose(name) } }, name));
  function choose(name) {
    for (const button of buttons) button.setAttribute("aria-pressed", button.textContent === name);
    box.replaceChildren(...views[name]());
  }
  choose("Chart");
  return el("div", { class: "figure" }, el("div", { class: "toggle", role: "group", "aria-label": "Show as" }, ...buttons), box);
}

function value(answer) {
  const [column] = answer.columns;
  return el("p", { class: "value" }, cell(answer.rows[0][0], column), el("small", {}, heads(answer)[0]));
}

function chart(answer) {
  const target = el("div", { class: "chart", role: "img", "aria-label": answer.chart.description ?? answer.text });
  const draw = () => import("./chart.js").then((charts) => charts.draw(target, answer.chart)).catch(() => {
    target.replaceChildren(el("p", { class: "status" }, "This chart cannot be drawn; the table has the figures."));
  });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const redraw = () => (target.isConnected ? draw() : dark.removeEventListener("change", redraw));
  dark.addEventListener("change", redraw);
  // A chart as wide as its container needs to be on the page first.
  requestAnimationFrame(draw);
  return target;
}

function table(answer) {
  const body = el("tbody", {}, ...answer.rows.slice(0, FIRST_ROWS).map((row) => line(row, answer.columns)));
  const labels = heads(answer);
  const top = el("tr", {}, ...answer.columns.map((column, i) => el("th", { scope: "col", class: isNumeric(column) && "right" }, labels[i])));
  const rest = answer.rows.slice(FIRST_ROWS);
  const grid = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" }, el("table", {}, el("thead", {}, top), body));
  if (!rest.length) return [grid];
  const more = el("button", { type: "button", class: "more" }, `Show all ${answer.rows.length} rows`);
  more.addEventListener("click", () => {
    body.append(...rest.map((row) => line(row, answer.columns)));
    more.remove();
  });
  return [grid, more];
}

function line(row, columns) {
  return el("tr", {}, ...row.map((raw, i) => el("td", { class: isNumeric(columns[i]) && "right" }, cell(raw, columns[i]))));
}

// A headline that is an issue's own words is not said twice.
function issue(found, headline) {
  if (found.message === headline) return chips(found.suggestions, "Choices");
  return el("div", { class: "issue", role: "note" }, el("p", {}, found.message), chips(found.suggestions, "Choices"));
}

function unsaid(answer) {
  const offered = new Set((answer.issues ?? []).flatMap((one) => one.suggestions ?? []));
  return (answer.suggestions ?? []).filter((text) => !offered.has(text));
}

function recommendations(found) {
  if (!found?.length) return null;
  const items = found.map((one) => el("li", {}, one.text, el("span", {}, one.because)));
  return el("div", {}, el("h3", {}, "What to do"), el("ul", { class: "todo" }, ...items));
}

function evidence(found) {
  return found?.length ? el("div", {}, el("h3", {}, "In customers’ words"), ...found.map(quote)) : null;
}

function quote(one) {
  const about = [one.product, one.created_at && day(one.created_at.slice(0, 10)), `${one.source} ${one.id}`];
  const kind = ["positive", "negative", "neutral"].includes(one.sentiment) ? one.sentiment : "";
  return el("blockquote", { class: kind }, one.quote, el("footer", {}, about.filter(Boolean).join(" · ")));
}

function computed(answer) {
  const from = answer.provenance;
  if (!from) return null;
  const entries = [
    ...(from.metrics ?? []).map((metric) => [metric.label, metric.description]),
    ["Filters", (answer.filters ?? []).map((one) => one.text).join("; ") || "none"],
    ["Data as of", day(from.data_as_of)],
    ["Snapshot", from.snapshot],
    ["Rows", from.truncated ? `${from.row_count}, cut` : String(from.row_count)],
  ];
  const list = el("dl", {}, ...entries.flatMap(([term, text]) => [el("dt", {}, term), el("dd", {}, text)]));
  return el("details", {}, el("summary", {}, "How this was computed"), list, from.sql ? el("pre", { tabindex: "0" }, from.sql) : null);
}
