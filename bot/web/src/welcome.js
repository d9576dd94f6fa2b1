// <verbatim-welcome>: what can be asked of the data at hand, as the bot itself says it.
import css from "./answer.css.js";
import { call } from "./api.js";
import { chips, el, styled } from "./dom.js";

class WelcomeElement extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return;
    styled(this.attachShadow({ mode: "open" }), `${css} h1 { margin: 0 0 0.3rem; font-size: 1.35rem; } .about { margin: 0; color: var(--quiet); white-space: pre-line; } details ul { margin: 0.5rem 0; padding-left: 1.1rem; }`);
    this.load();
  }

  async load() {
    this.say(el("p", { class: "status", role: "status" }, "Reading what can be asked …"));
    try {
      const answer = await call("GET", "/api/v1/catalog");
      this.say(...about(answer));
    } catch (error) {
      const again = el("button", { type: "button", class: "chip", on: { click: () => this.load() } }, "Try again");
      const message = error.status ? error.message : "The server cannot be reached.";
      this.say(el("div", { class: "issue bad", role: "alert" }, el("p", {}, message), el("div", { class: "chips" }, again)));
    }
  }

  say(...parts) {
    this.shadowRoot.replaceChildren(el("h1", {}, "Ask about your customers"), ...parts.filter(Boolean));
  }
}

// The bot's words: running text as it is, its list of data behind a disclosure, questions in front.
function about(answer) {
  const lines = answer.text.split("\n");
  const listed = lines.filter((line) => line.startsWith("• "));
  const spoken = lines.filter((line) => !line.startsWith("• ")).map((line) => line.replace(/:$/, "."));
  const list = el("ul", {}, ...listed.map((line) => el("li", {}, line.slice(2))));
  return [
    el("p", { class: "about" }, spoken.join("\n")),
    chips(answer.suggestions, "Questions to start with"),
    listed.length ? el("details", {}, el("summary", {}, "What there is data about"), list) : null,
  ];
}

customElements.define("verbatim-welcome", WelcomeElement);
