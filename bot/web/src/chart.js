// Vega-Lite charts without eval: expressions run in an interpreter, so the page needs no unsafe-eval.
import embed from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const refuse = () => Promise.reject(new Error("charts carry their data with them"));
const LOADER = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

// Wide as its container, tall as it needs.
const AUTOSIZE = { type: "fit-x", contains: "padding" };

export async function draw(target, spec) {
  const drawn = await embed(target, { autosize: AUTOSIZE, ...spec }, {
    mode: "vega-lite",
    renderer: "svg",
    logLevel: 1, // errors; its warnings are for whoever writes the specification
    actions: false,
    defaultStyle: false,
    ast: true,
    expr: expressionInterpreter,
    loader: LOADER,
    config: theme(getComputedStyle(target)),
  });
  return drawn.finalize;
}

function theme(style) {
  const [text, quiet, line] = ["--text", "--quiet", "--line"].map((name) => style.getPropertyValue(name).trim());
  const font = style.fontFamily;
  return {
    background: "transparent",
    font,
    axis: { labelColor: quiet, titleColor: quiet, titleFontWeight: 500, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12, titleFontSize: 12 },
    legend: { labelColor: text, titleColor: quiet, labelFontSize: 12, orient: "bottom" },
    header: { labelColor: text, titleColor: quiet },
    title: { color: text },
    style: { "guide-label": { fill: quiet } },
    text: { color: text, fontSize: 12 },
    view: { stroke: null },
  };
}
