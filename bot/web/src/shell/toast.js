// A short word at the bottom that goes by itself, with one thing to press.
import { announce } from "../base/announce.js";
import { button, el } from "../base/dom.js";

const SHOWN_MS = 6000;

let leaving = null;

// `after` runs once the time is over or another toast comes; not where the button was pressed.
export function toast(text, label, press, after) {
  leaving?.();
  const shown = el("div", { class: "toast" }, el("span", {}, text), button(label, () => leave(press)));
  const timer = setTimeout(() => leave(after), SHOWN_MS);
  function leave(then) {
    clearTimeout(timer);
    shown.remove();
    leaving = null;
    then();
  }
  leaving = () => leave(after);
  document.body.append(shown);
  announce(`${text} ${label} is the last button of the page.`);
}

addEventListener("pagehide", () => leaving?.());
