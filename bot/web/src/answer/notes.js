// What keeps an answer from being the whole truth, in small; or the choice it asks for, in large.
import { chips, el } from "../base/dom.js";
import { icon } from "../base/icons.js";

// Where the headline is an issue's own words, the bot asks: what can be chosen stands right below.
export function choices(answer) {
  const asked = (answer.issues ?? []).filter((one) => one.message === answer.text);
  return chips(asked.flatMap((one) => one.suggestions ?? []), "Choices", "choice", queries(answer));
}

// The query that each suggestion asks, where it is known: a press then cannot be misread.
export function queries(answer) {
  return new Map((answer.suggestions ?? []).map((text, i) => [text, answer.choices?.[i] ?? null]));
}

export function notes(answer) {
  const found = (answer.issues ?? []).filter((one) => one.message !== answer.text);
  return found.length ? el("ul", { class: "notes", "aria-label": "Notes on this answer" }, ...found.map((one) => note(one, queries(answer)))) : null;
}

function note({ message, suggestions }, known) {
  return el("li", {}, icon("note"), el("div", {}, el("p", {}, message), chips(suggestions, "Choices", "chip", known)));
}
