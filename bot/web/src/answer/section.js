// One answer from top to bottom: what it says, what it rests on, what to do with it, what to ask next.
import { chips, el } from "../base/dom.js";
import { actions } from "./actions.js";
import { computed } from "./computed.js";
import { evidence } from "./evidence.js";
import { figure } from "./figure.js";
import { filters } from "./filters.js";
import { choices, notes, queries } from "./notes.js";
import { recommendations } from "./recommendations.js";

export function section(answer, turn, index) {
  const panel = computed(answer);
  return el(
    "section",
    {},
    el("h2", { class: answer.rows?.length ? "headline has-data" : "headline" }, together(answer.text)),
    answer.download && turn.conversation.exports ? taken(answer.download) : null,
    choices(answer),
    filters(answer),
    figure(answer),
    notes(answer),
    recommendations(answer.recommendations),
    evidence(answer.evidence),
    actions(answer, turn, index, panel),
    panel,
    chips(unsaid(answer), "Ask next", "chip", queries(answer)),
  );
}

// The table as a file, where that was asked for in words.
function taken(path) {
  return el("p", {}, el("a", { href: path, download: true }, "Download the table as CSV"));
}

// A figure and its percent sign stay on one line.
function together(text) {
  return text.replace(/(\d) %/g, "$1\u00a0%");
}

function unsaid(answer) {
  const offered = new Set((answer.issues ?? []).flatMap((one) => one.suggestions ?? []));
  return (answer.suggestions ?? []).filter((text) => !offered.has(text));
}
