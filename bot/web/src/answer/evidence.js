// Customers' own words, and passages of articles.
import { el } from "../base/dom.js";
import { day } from "../base/format.js";

const KINDS = ["positive", "negative", "neutral"];

export function evidence(found) {
  if (!found?.length) return null;
  const title = found.every((one) => one.source === "article") ? "From the articles" : "In customers’ words";
  return el("div", {}, el("h3", {}, title), ...found.map(quote));
}

function quote(one) {
  const kind = KINDS.includes(one.sentiment) ? one.sentiment : "";
  const about = [kind, one.product, one.created_at && day(one.created_at.slice(0, 10)), `${one.source} ${one.id}`];
  return el("blockquote", { class: kind }, el("p", { dir: "auto" }, one.quote), el("footer", {}, about.filter(Boolean).join(" · ")));
}
