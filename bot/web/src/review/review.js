// What corrections could teach, one card each: accepted or rejected with one click, which can be taken back.
import { announce } from "../base/announce.js";
import { button, el } from "../base/dom.js";
import { LOCALE } from "../base/locale.js";
import { call } from "../talk/api.js";

const LOOK_AGAIN_MS = 3000;
const VIEWS = [
  ["pending", "To decide"],
  ["accepted", "Accepted"],
  ["rejected", "Rejected"],
];
const NOTHING = {
  pending: "Nothing to decide. When somebody says what they meant after a thumbs-down, it comes here.",
  accepted: "Nothing was accepted yet.",
  rejected: "Nothing was rejected yet.",
};

export class Review {
  constructor() {
    this.status = "pending";
    this.tabs = el("div", { class: "tabs", role: "group", "aria-label": "Which corrections" });
    this.state = el("p", { class: "state", role: "status" });
    this.list = el("ul", { class: "lessons" });
    this.element = el("div", { class: "review" }, el("h1", {}, "What people meant"), el("p", { class: "hint" }, "Accept what is right: the bot answers by it at once, is trained on it, and it is checked after every training."), this.tabs, this.state, this.list);
  }

  // Throws ApiError (403) where the reader is no supervisor.
  async load() {
    this.found = await call("GET", `/api/v1/lessons?status=${this.status}`);
    this.render();
    clearTimeout(this.timer);
    if (this.found.state === "training") this.timer = setTimeout(() => this.element.isConnected && this.load().catch(() => null), LOOK_AGAIN_MS);
  }

  render() {
    this.tabs.replaceChildren(...VIEWS.map(([status, label]) => button(label, () => this.show(status), { class: "chip", "aria-pressed": String(status === this.status) })));
    this.state.textContent = { training: "Training on what was accepted (about a minute). Questions are answered meanwhile.", failed: "The last training failed: see the log. Accepted wordings are answered all the same.", ready: "" }[this.found.state];
    const { lessons } = this.found;
    this.list.replaceChildren(...(lessons.length ? lessons.map((one) => this.card(one)) : [el("li", { class: "hint" }, NOTHING[this.status])]));
  }

  async show(status) {
    this.status = status;
    await this.load().catch((error) => this.fail(error));
  }

  card(lesson) {
    const actions = { pending: [["accepted", "Accept"], ["rejected", "Reject"]], accepted: [["rejected", "Take back"]], rejected: [["accepted", "Accept after all"]] }[this.status];
    const buttons = actions.map(([status, label]) => button(label, () => this.decide(lesson, status), { class: status === "accepted" ? "primary" : "chip" }));
    const seen = `“${lesson.original}” → “${lesson.meant}”`;
    return el(
      "li",
      {},
      el("p", { class: "what" }, ...what(lesson)),
      lesson.kind === "verified" ? null : el("p", { class: "small" }, `Seen in: ${seen}`),
      el("p", { class: "small" }, history(lesson)),
      lesson.holds === false ? el("p", { class: "small bad" }, "No longer holds: what it stands for is gone from the data or the catalog.") : null,
      el("div", { class: "chips", role: "group", "aria-label": `Decide on ${lesson.phrase}` }, ...buttons),
    );
  }

  async decide(lesson, status) {
    try {
      await call("POST", `/api/v1/lessons/${lesson.id}`, { status });
      announce(status === "accepted" ? "Accepted." : "Rejected.");
      await this.load();
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    this.state.textContent = error.message;
  }
}

// The lesson as a sentence. Words of people stay text.
function what({ kind, phrase, meaning, role, of }) {
  const typed = el("q", {}, phrase);
  if (kind === "verified") return ["Verified question: ", typed, " stands for ", el("q", {}, meaning)];
  if (kind === "example") return ["Training example: ", typed, " is a question for us."];
  const thing = { metric: "the metric", dimension: "the dimension", value: `the ${of.replaceAll("_", " ")}` }[role];
  return ["Another word: ", typed, ` means ${thing} `, el("strong", {}, meaning.replaceAll("_", " "))];
}

function history({ times, proposed_at: at, decided_by: by, decided_at: decided }) {
  const day = (moment) => new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium" }).format(new Date(moment));
  const first = `${times === 1 ? "Said once" : `Said ${times} times`}, first on ${day(at)}`;
  return decided ? `${first}; decided by ${by} on ${day(decided)}` : first;
}
