// Whether an answer helped; where not, one line about what was expected.
import { announce } from "../base/announce.js";
import { el } from "../base/dom.js";
import { iconButton } from "../base/icons.js";
import { call } from "../talk/api.js";

// The two thumbs, and the place below them for the line.
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
    place.replaceChildren(...(helped || comment ? [] : [question((text) => judge(false, text), () => place.replaceChildren())]));
    try {
      await call("POST", "/api/v1/thumbs", { conversation_id: turn.conversation.id, request_id: turn.requestId, helped, comment });
      thank(place, helped || comment);
    } catch (error) {
      turn.helped = before;
      show();
      place.replaceChildren(el("p", { class: "small bad" }, error.message));
    }
  }
  show();
  return [el("span", { class: "thumbs" }, ...buttons.map(([, each]) => each)), place];
}

function thank(place, finished) {
  announce("Thank you, noted.");
  if (finished) place.replaceChildren(el("p", { class: "small" }, "Thank you, noted."));
}

function question(send, close) {
  const input = el("input", { type: "text", maxlength: "2000", placeholder: "What did you expect?", "aria-label": "What did you expect?", autocomplete: "off" });
  const submit = (event) => {
    event.preventDefault();
    if (input.value.trim()) send(input.value.trim());
    else close();
  };
  const escape = (event) => event.key === "Escape" && (event.stopPropagation(), close());
  requestAnimationFrame(() => input.focus());
  return el("form", { on: { submit, keydown: escape } }, input, el("button", { type: "submit", class: "chip" }, "Send"));
}
