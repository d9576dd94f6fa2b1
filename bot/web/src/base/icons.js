// Line icons on a grid of 16, drawn in the colour of the text around them.
import { el, svg } from "./dom.js";

const PATHS = {
  up: "M5 7.2 7.6 2c.9 0 1.7.7 1.7 1.7v2.6h3.1c.8 0 1.4.7 1.3 1.5l-.8 4.6c-.1.7-.7 1.1-1.3 1.1H5m0-6.3v6.3m0-6.3H2.6v6.3H5",
  down: "M11 8.8 8.4 14c-.9 0-1.7-.7-1.7-1.7V9.7H3.6c-.8 0-1.4-.7-1.3-1.5l.8-4.6c.1-.7.7-1.1 1.3-1.1H11m0 6.3V2.5m0 6.3h2.4V2.5H11",
  copy: "M6 5.5h7.5V14H6zM3.9 10.5H2.5V2H10v1.4",
  file: "M8 2.2v7.6m0 0L5 6.9m3 2.9 3-2.9M2.7 11.3v2.4h10.6v-2.4",
  picture: "M2.5 3h11v10h-11zM3 11.5l3.2-3.7 2.3 2.4 1.8-1.7 3 3M10.6 6h.01",
  link: "M6.8 9.2a2.6 2.6 0 0 0 3.8 0l2-2a2.7 2.7 0 0 0-3.8-3.8l-.9.8M9.2 6.8a2.6 2.6 0 0 0-3.8 0l-2 2a2.7 2.7 0 0 0 3.8 3.8l.9-.8",
  close: "m4 4 8 8m0-8-8 8",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  plus: "M8 3v10M3 8h10",
  edit: "m9.8 3.8 2.4 2.4M3 13l.6-3 7.1-7.2a1.7 1.7 0 0 1 2.4 2.4L6 12.4z",
  trash: "M2.7 4.3h10.6M6 4.2V2.6h4v1.6m-5.8.1.6 9.2h6.4l.6-9.2M6.7 7v3.9M9.3 7v3.9",
  moon: "M13.3 9.6A5.7 5.7 0 0 1 6.4 2.7a5.7 5.7 0 1 0 6.9 6.9z",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.6v1M8 13.4v1M1.6 8h1M13.4 8h1M3.5 3.5l.7.7M11.8 11.8l.7.7M12.5 3.5l-.7.7M4.2 11.8l-.7.7",
  leave: "M6.5 13.3H3V2.7h3.5M10.3 5l3 3-3 3m2.9-3H6.3",
  code: "M5.6 4.6 2.3 8l3.3 3.4M10.4 4.6 13.7 8l-3.3 3.4",
  note: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM8 7.4v3.4M8 5.1h.01",
  more: "m4 6.2 4 4 4-4",
  check: "m3 8.4 3.2 3.2L13 4.8",
};

export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, svg("path", { d: PATHS[name] }));
}

// A button with an icon; `label` is what it is called, shown beside the icon where `shown`.
export function iconButton(name, label, click, { shown = false, ...attributes } = {}) {
  const named = shown ? {} : { "aria-label": label, title: label };
  return el("button", { type: "button", ...named, ...attributes, on: { click } }, icon(name), shown ? el("span", {}, label) : null);
}
