// Customers' own words.
import { el } from "../base/dom.js";
import { day } from "../base/format.js";

const KINDS = ["positive", "negative", "neutral"];

export function evidence(found) {
  return found?.length ? el("div", {}, el("h3", {}, "In customers’ words"), ...found.map(quote)) : null;
}

function quote(one) {
  const kind = KINDS.includes(one.sentiment) ? one.sentiment : "";
  const about = [kind, one.product, one.created_at && day(one.created_at.slice(0, 10)), `${one.source} ${one.id}`];
  return el("blockquote", { class: kind }, el("p", { dir: "auto" }, one.quote), el("footer", {}, about.filter(Boolean).join(" · ")));
}
