// One question and what came of it so far. Fires "change" as the stream brings more.
import { LOCALE } from "../base/locale.js";
import { Unreachable, identifier } from "./api.js";
import { connection } from "./connection.js";
import { pending } from "./pending.js";
import { ask } from "./stream.js";

export const State = Object.freeze({
  WAITING: "waiting", // asked, not all of it is here
  OFFLINE: "offline", // kept; sent as soon as the server can be reached
  DONE: "done",
  FAILED: "failed",
});

export class Turn extends EventTarget {
  // `query` is run in place of reading the message; `conversation` is {id, exports}.
  constructor(conversation, message, query = null, id = identifier()) {
    super();
    Object.assign(this, { conversation, message, query, id });
    this.reset();
  }

  // One that the gateway kept.
  static stored(conversation, kept) {
    const turn = new Turn(conversation, kept.message, null, kept.message_id);
    turn.answers = kept.answers.map((answer) => ({ answer }));
    turn.restored = true;
    turn.state = State.DONE;
    turn.requestId = kept.request_id;
    turn.elapsedMs = kept.elapsed_ms;
    turn.helped = kept.helped;
    return turn;
  }

  reset() {
    this.state = State.WAITING;
    this.started = Date.now();
    this.answers = [];
    this.error = null;
    this.requestId = null;
    this.helped = null;
    this.changed();
  }

  // Asks, as often as it takes to reach the server. Always under one id, so it is never answered twice.
  async run() {
    pending.keep(this);
    for (;;) {
      this.reset();
      try {
        for await (const { event, data } of ask(this.body)) this.take(event, data);
        break;
      } catch (error) {
        if (!(error instanceof Unreachable)) {
          this.fail(error);
          break;
        }
        this.become(State.OFFLINE);
        await connection.back();
      }
    }
    // Who has to sign in first gets the answer after that.
    if (this.error?.status !== 401) pending.drop(this);
    this.dispatchEvent(new Event("done"));
  }

  get body() {
    const asked = { message: this.message, conversation_id: this.conversation.id, message_id: this.id, locale: LOCALE };
    if (this.corrects) asked.corrects = this.corrects;
    return this.query ? { ...asked, query: this.query } : asked;
  }

  take(event, data) {
    this.requestId = data.request_id ?? this.requestId;
    if (event === "headline") this.answers[data.index] = { text: data.text };
    if (event === "answer") this.answers[data.index] = { answer: data.answer };
    if (event === "error") return this.fail({ message: data.message, requestId: data.request_id });
    if (event === "done") {
      this.elapsedMs = data.elapsed_ms;
      this.state = State.DONE;
    }
    return this.changed();
  }

  fail(error) {
    this.error = error;
    this.become(State.FAILED);
  }

  become(state) {
    this.state = state;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
