// What to do, and the figures that say so.
import { el } from "../base/dom.js";

export function recommendations(found) {
  if (!found?.length) return null;
  const items = found.map((one) => el("li", {}, one.text, el("span", {}, one.because)));
  return el("div", {}, el("h3", {}, "What to do"), el("ul", { class: "todo" }, ...items));
}
