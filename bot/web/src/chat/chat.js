// The chat itself: deep-chat for the messages and the box, fed by turns that fill themselves.
import "./plain-text.js";
import "deep-chat";
import "../answer/element.js";
import "./welcome.js";
import { show } from "../answer/element.js";
import { Turn } from "../talk/turn.js";
import { chatStyles, hostStyle } from "./styles.js";

// A chart is drawn a moment after its answer came.
const SETTLE_MS = 1500;
const GESTURES = ["wheel", "touchmove", "keydown", "pointerdown"];

export class Chat extends EventTarget {
  // Fires "asked" {turn} and "answered" {turn}.
  constructor(conversation, { welcome, placeholder }) {
    super();
    this.conversation = conversation;
    const kept = [...conversation.turns];
    const open = conversation.unanswered();
    this.element = document.createElement("deep-chat");
    Object.assign(this.element.style, hostStyle);
    Object.assign(this.element, chatStyles(placeholder));
    if (!kept.length && !open.length && welcome) this.element.introMessage = { html: welcome };
    this.element.history = [...kept, ...open].flatMap((turn) => [{ role: "user", text: turn.message }, { role: "ai", html: show(turn) }]);
    this.element.connect = { handler: (body, signals) => this.answer(body, signals) };
    this.ready = new Promise((resolve) => {
      this.element.onComponentRender = () => resolve(this.name());
    });
    for (const turn of open) this.follow(conversation.ask(turn));
  }

  get box() {
    return this.element.shadowRoot?.getElementById("text-input");
  }

  get list() {
    return this.element.shadowRoot.getElementById("messages");
  }

  // `query` and `corrects` ride along as deep-chat's custom data.
  ask(text, query = null, corrects = null) {
    this.element.submitUserMessage({ text, custom: { query, corrects } });
  }

  focus() {
    this.box?.focus();
  }

  // Where no keyboard would cover the page for it.
  invite() {
    if (matchMedia("(hover: hover)").matches) this.focus();
  }

  // deep-chat wants its answer at once: it gets an element that fills itself as the stream comes in.
  answer(body, signals) {
    const { text, custom } = body.messages.at(-1);
    const turn = new Turn(this.conversation, text, custom?.query ?? null);
    turn.corrects = custom?.corrects ?? null;
    this.element.shadowRoot.querySelector(".deep-chat-intro")?.remove();
    signals.onResponse({ html: show(turn) });
    this.keepInSight(turn);
    this.follow(this.conversation.ask(turn));
  }

  follow(turn) {
    this.tell("asked", turn);
    turn.addEventListener("done", () => this.tell("answered", turn));
  }

  tell(type, turn) {
    this.dispatchEvent(new CustomEvent(type, { detail: { turn } }));
  }

  // Holds the question at the top while its answer grows, until the reader scrolls.
  keepInSight(turn) {
    const question = [...this.list.querySelectorAll(".deep-chat-outer-container-role-user")].at(-1);
    const stop = this.hold(question);
    turn.addEventListener("done", () => setTimeout(stop, SETTLE_MS), { once: true });
  }

  // To an answer of this conversation, by its message id.
  reveal(id) {
    const found = this.element.shadowRoot.querySelector(`verbatim-answer[data-turn="${CSS.escape(id)}"]`);
    if (!found) return false;
    const answer = found.closest(".outer-message-container");
    setTimeout(this.hold(answer.previousElementSibling ?? answer), SETTLE_MS);
    found.tabIndex = -1;
    found.focus({ preventScroll: true });
    return true;
  }

  hold(target) {
    const align = () => requestAnimationFrame(() => target.scrollIntoView({ block: "start" }));
    const watch = new ResizeObserver(align);
    const stop = () => watch.disconnect();
    for (const gesture of GESTURES) this.list.addEventListener(gesture, stop, { once: true, passive: true });
    for (const child of this.list.children) watch.observe(child);
    align();
    return stop;
  }

  // What deep-chat leaves without a name or a role. It may build its view anew, so again and again.
  name() {
    const root = this.element.shadowRoot;
    new MutationObserver(() => this.label()).observe(root, { childList: true, subtree: true });
    root.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && event.target === this.box && !this.box.textContent) this.recall(event);
    });
    this.label();
  }

  label() {
    if (!this.list || !this.box) return;
    set(this.list, { role: "region", "aria-label": "Messages", tabindex: "0" });
    set(this.box, { "aria-multiline": "true", spellcheck: "false" });
    for (const send of this.element.shadowRoot.querySelectorAll(".input-button")) set(send, { "aria-label": "Send" });
  }

  recall(event) {
    const last = this.conversation.turns.at(-1)?.message;
    if (!last) return;
    event.preventDefault();
    this.box.textContent = last;
    this.box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    getSelection().selectAllChildren(this.box);
    getSelection().collapseToEnd();
  }
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
