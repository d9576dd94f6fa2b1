// Whether an answer helped; where not, what was meant: asked at once, and learned from once a supervisor agrees.
import { announce } from "../base/announce.js";
import { ask, button, el } from "../base/dom.js";
import { iconButton } from "../base/icons.js";
import { call } from "../talk/api.js";

// The two thumbs, and the place below them for the words.
export function thumbs(turn) {
  const place = el("div", { class: "comment" });
  const buttons = [
    [true, iconButton("up", "This helped", () => judge(true), { class: "tool icon-only" })],
    [false, iconButton("down", "This did not help", () => judge(false), { class: "tool icon-only" })],
  ];
  const show = () => buttons.forEach(([helped, each]) => each.setAttribute("aria-pressed", turn.helped === helped));
  async function judge(helped, comment = "") {
    const before = turn.helped;
    turn.helped = helped;
    show();
    place.replaceChildren(...(helped || comment ? [] : [question(meant, (text) => judge(false, text), () => place.replaceChildren())]));
    try {
      await call("POST", "/api/v1/thumbs", { conversation_id: turn.conversation.id, request_id: turn.requestId, helped, comment });
      thank(place, helped || comment, "Thank you, noted.");
    } catch (error) {
      turn.helped = before;
      show();
      place.replaceChildren(el("p", { class: "small bad" }, error.message));
    }
  }
  function meant(text) {
    thank(place, true, "Asked below. Once a supervisor agrees, your first wording is understood too.");
    ask(place, text, null, turn.requestId);
  }
  show();
  return [el("span", { class: "thumbs" }, ...buttons.map(([, each]) => each)), place];
}

function thank(place, finished, words) {
  announce(words);
  if (finished) place.replaceChildren(el("p", { class: "small" }, words));
}

function question(meant, note, close) {
  const label = "What did you mean? Ask it in other words";
  const input = el("input", { type: "text", maxlength: "1000", placeholder: `${label} …`, "aria-label": label, autocomplete: "off" });
  const send = (to) => (input.value.trim() ? to(input.value.trim()) : close());
  const submit = (event) => {
    event.preventDefault();
    send(meant);
  };
  const escape = (event) => event.key === "Escape" && (event.stopPropagation(), close());
  requestAnimationFrame(() => input.focus());
  const tell = button("Only tell the team", () => send(note), { class: "chip" });
  return el("form", { on: { submit, keydown: escape } }, input, el("button", { type: "submit", class: "chip" }, "Ask this"), tell);
}
