// The filters in force, as chips; × asks the same without that one.
import { ask, el } from "../base/dom.js";
import { iconButton } from "../base/icons.js";

export function filters(answer) {
  const found = answer.filters ?? [];
  if (!found.length) return null;
  return el("ul", { class: "filters", "aria-label": "Filters in force" }, ...found.map(chip));
}

function chip({ text, without }) {
  if (!without) return el("li", {}, text);
  const words = `Without ${text}`;
  const remove = iconButton("close", words, (event) => ask(event.currentTarget, words, without), { class: "remove" });
  return el("li", { class: "removable" }, text, remove);
}
