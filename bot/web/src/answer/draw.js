// Vega-Lite charts without eval: expressions run in an interpreter, so the page needs no unsafe-eval.
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";
import themes from "../../../render/chart_theme.json";
import { LOCALE } from "../base/locale.js";
import { theme } from "../base/theme.js";
import { numberLocale, timeLocale } from "./vega-locale.js";

const refuse = () => Promise.reject(new Error("charts carry their data with them"));
const LOADER = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

// Wide as its place, tall as it needs.
const AUTOSIZE = { type: "fit-x", contains: "padding" };
// What the panels of a row share beside their plots: the axis and the padding, in pixels.
const PANEL_MARGIN = 64;

export async function draw(target, spec) {
  await embed(target, sized(spec, target.clientWidth), {
    mode: "vega-lite",
    renderer: "svg",
    logLevel: 1, // errors; its warnings are for whoever writes the specification
    actions: false,
    defaultStyle: false,
    ast: true,
    expr: expressionInterpreter,
    loader: LOADER,
    formatLocale: numberLocale(LOCALE),
    timeFormatLocale: timeLocale(LOCALE),
    config: { ...themes[theme.now], background: "transparent", font: getComputedStyle(target).fontFamily },
  });
}

// The same as bot/render/png.py does for pictures: panels go side by side as they fit.
export function sized(spec, width) {
  const panels = spec.usermeta?.panels;
  if (!panels) return { autosize: AUTOSIZE, ...spec, width };
  const room = width - PANEL_MARGIN;
  const columns = Math.max(1, Math.min(panels.count, Math.floor(room / panels.least)));
  const each = Math.floor((room - (columns - 1) * panels.gap) / columns);
  return { ...spec, columns, spec: { ...spec.spec, width: each } };
}
