// Where a chart goes: drawn once it comes into sight, again when the theme changes.
import { el } from "../base/dom.js";
import { theme } from "../base/theme.js";
import { described } from "./describe.js";

const NEAR = { rootMargin: "300px" };
const SETTLE_MS = 150;
const LEAST_CHANGE_PX = 8;

export function chart(answer) {
  // Vega names the element that it draws into; ours around it has the better name.
  const target = el("div", { "aria-hidden": "true" });
  const draw = () => import("./draw.js").then((charts) => charts.draw(target, answer.chart)).catch(() => {
    target.replaceChildren(el("p", { class: "quiet" }, "This chart cannot be drawn; the table has the figures."));
  });
  whenNear(target, () => {
    draw();
    redrawn(target, draw);
  });
  return el("div", { class: "chart", role: "img", "aria-label": described(answer) }, target);
}

function whenNear(target, work) {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    work();
  }, NEAR);
  seen.observe(target);
}

// Again in another theme or width, for as long as it is on the page.
function redrawn(target, draw) {
  let [width, timer] = [target.clientWidth, 0];
  const again = () => {
    if (target.isConnected) return draw();
    theme.removeEventListener("change", again);
    return sizes.disconnect();
  };
  const sizes = new ResizeObserver(() => {
    if (Math.abs(target.clientWidth - width) < LEAST_CHANGE_PX) return;
    width = target.clientWidth;
    clearTimeout(timer);
    timer = setTimeout(again, SETTLE_MS);
  });
  theme.addEventListener("change", again);
  sizes.observe(target);
}
