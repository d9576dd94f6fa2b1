// <verbatim-welcome>: what can be asked of the data at hand, grouped, and what there is no data about.
import answerCss from "../answer/answer.css";
import { button, chips, el, styled } from "../base/dom.js";
import { day } from "../base/format.js";
import { icon } from "../base/icons.js";
import { call } from "../talk/api.js";
import css from "./welcome.css";

const FIRST = 4;
const FRESH_MS = 60_000;

let read = null;

// Read once for a while: deep-chat may make the element a second time.
function catalog() {
  if (!read || Date.now() - read.at > FRESH_MS) {
    read = { at: Date.now(), answer: call("GET", "/api/v1/catalog") };
    read.answer.catch(() => (read = null));
  }
  return read.answer;
}

class WelcomeElement extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    styled(this.attachShadow({ mode: "open" }), answerCss, css);
    this.load();
  }

  async load() {
    this.say(skeleton());
    try {
      this.say(...about(await catalog(), this.hasAttribute("data-brief")));
    } catch (error) {
      this.say(unread(error, () => this.load()));
    }
  }

  say(...parts) {
    const name = this.dataset.title ?? "Ask about your customers";
    this.shadowRoot.replaceChildren(el("div", { class: "welcome" }, el("h1", {}, name), ...parts.filter(Boolean)));
  }
}

customElements.define("verbatim-welcome", WelcomeElement);

function skeleton() {
  const bones = ["w70", "w40", "box"].map((kind) => el("div", { class: `bone ${kind}` }));
  return el("div", { class: "bones", role: "status", "aria-label": "Reading what can be asked" }, ...bones);
}

function unread(error, again) {
  const id = error.requestId ? el("p", { class: "small" }, "Request ", el("code", {}, error.requestId)) : null;
  const retry = el("div", { class: "chips" }, button("Try again", again, { class: "chip" }));
  return el("div", { class: "notice bad", role: "alert" }, el("p", {}, `What can be asked cannot be read just now. ${error.message}`), id, retry);
}

function about(answer, brief) {
  const [held, missing] = kinds(answer);
  const latest = held.map((one) => one.to).sort().at(-1);
  const reach = brief ? "Figures, trends and what customers say" : "Figures, trends, reasons and customers’ words, from your own data";
  const lead = latest ? `${reach}, up to ${day(latest)}.` : answer.text;
  const starters = new Set([...(answer.suggestions ?? []), ...held.flatMap((one) => questionsOf(one))]);
  return [
    el("p", { class: "lead" }, lead),
    chips([...starters].slice(0, FIRST), "Questions to start with", "starter"),
    held.length && !brief ? el("h2", {}, "What can be asked") : null,
    brief ? null : el("div", { class: "kinds" }, ...held.map(kind)),
    missing.length ? el("p", { class: "missing" }, icon("note"), `No data yet about ${listed(missing)}: questions about it are not answered.`) : null,
  ];
}

// The answer's rows: [label, first day, last day, figures, questions]; without days there is no data.
function kinds(answer) {
  const at = Object.fromEntries((answer.columns ?? []).map((column, i) => [column.name, i]));
  if (!("questions" in at)) return [[], []];
  const read = (row) => Object.fromEntries(Object.entries(at).map(([name, i]) => [name, row[i]]));
  const all = answer.rows.map(read);
  return [all.filter((one) => one.to), all.filter((one) => !one.to).map((one) => one.data)];
}

function questionsOf({ questions }) {
  return questions ? questions.split("\n") : [];
}

function kind(one) {
  const { data, from, to, figures } = one;
  return el(
    "details",
    { name: "kind" },
    el("summary", {}, el("span", { class: "name" }, data), el("span", { class: "days" }, `${day(from, "month")} – ${day(to, "month")}`), icon("more")),
    el("p", { class: "figures" }, figures),
    chips(questionsOf(one), `Questions about ${data}`),
  );
}

function listed(labels) {
  return new Intl.ListFormat("en", { type: "disjunction" }).format(labels.map((label) => label.toLowerCase()));
}
