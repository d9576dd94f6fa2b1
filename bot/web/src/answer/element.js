// <verbatim-answer>: one turn, from "looking" to figures. Everything is built as elements and text.
import { announce } from "../base/announce.js";
import { button, el, styled } from "../base/dom.js";
import { connection } from "../talk/connection.js";
import { State } from "../talk/turn.js";
import css from "./answer.css";
import { section } from "./section.js";

const SLOW_MS = 3000;
const VERY_SLOW_MS = 10_000;

const turns = new Map();

// The markup that shows a turn: only ever an id of ours.
export function show(turn) {
  turns.set(turn.id, turn);
  return `<verbatim-answer data-turn="${encodeURIComponent(turn.id)}"></verbatim-answer>`;
}

class AnswerElement extends HTMLElement {
  connectedCallback() {
    this.turn = turns.get(decodeURIComponent(this.dataset.turn));
    if (!this.turn || this.shadowRoot) return;
    styled(this.attachShadow({ mode: "open" }), css);
    this.turn.addEventListener("change", () => this.render());
    for (const wait of [SLOW_MS, VERY_SLOW_MS]) setTimeout(() => this.turn.state === State.WAITING && this.render(), wait);
    this.render();
  }

  render() {
    const { turn } = this;
    const parts = turn.answers.map((part, i) => (part.answer ? (part.node ??= section(part.answer, turn, i)) : underWay(part)));
    const state = { [State.WAITING]: waiting, [State.OFFLINE]: offline, [State.FAILED]: failure }[turn.state]?.(turn);
    this.shadowRoot.replaceChildren(...parts, ...(state ?? []));
    this.setAttribute("aria-busy", turn.state === State.WAITING);
    if (!turn.restored) announce(spoken(turn));
  }
}

customElements.define("verbatim-answer", AnswerElement);

// What a screen reader hears of a turn: its state, then its headline, once each.
function spoken(turn) {
  if (turn.state === State.FAILED) return turn.error.message;
  if (turn.state === State.OFFLINE) return "Not connected. The question is kept.";
  const said = turn.answers.map((part) => part.answer?.text ?? part.text).join(" ");
  return said || progress(turn);
}

function progress(turn) {
  const time = Date.now() - turn.started;
  if (!turn.requestId && time < SLOW_MS) return "Sending the question …";
  if (time < SLOW_MS) return "Looking at the data …";
  return time < VERY_SLOW_MS ? "Still working: this one takes longer …" : "Still working. It answers, or says why not, within a minute.";
}

function waiting(turn) {
  const bones = turn.answers.length ? [] : [el("div", { class: "bones", "aria-hidden": "true" }, ...["w70", "w40", "box"].map((kind) => el("div", { class: `bone ${kind}` })))];
  return [el("p", { class: "status" }, progress(turn)), ...bones];
}

function underWay(part) {
  return el("section", {}, el("h2", { class: "headline" }, part.text), el("div", { class: "bone box", "aria-hidden": "true" }));
}

function offline(turn) {
  const again = button("Try now", () => connection.look(), { class: "chip" });
  const message = navigator.onLine ? "The server cannot be reached just now." : "You are offline.";
  return [notice("waits", `${message} Your question is kept, and is sent as soon as there is a connection.`, again, turn)];
}

function failure(turn) {
  if (turn.error.status === 401) return [notice("waits", "You were signed out. Sign in, and this question is asked again.", null, turn)];
  return [notice("bad", turn.error.message, button("Try again", () => turn.run(), { class: "chip" }), turn)];
}

function notice(kind, message, action, turn) {
  const id = turn.error?.requestId ? el("p", { class: "small" }, "Request ", el("code", {}, turn.error.requestId)) : null;
  return el("div", { class: `notice ${kind}`, role: "group", "aria-label": "Not answered" }, el("p", {}, message), id, action ? el("div", { class: "chips" }, action) : null);
}
