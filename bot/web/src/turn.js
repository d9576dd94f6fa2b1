// One question and what came of it so far. Fires "change" as the stream brings more.
import { ask, identifier } from "./api.js";

export class Turn extends EventTarget {
  constructor(message, conversation) {
    super();
    this.id = identifier();
    this.message = message;
    this.conversation = conversation;
  }

  async run() {
    this.state = "waiting";
    this.started = Date.now();
    this.answers = [];
    this.error = null;
    this.changed();
    try {
      for await (const { event, data } of ask(this.message, this.conversation)) this.take(event, data);
    } catch (error) {
      this.fail(error.status ? error : { message: "The connection was lost. Check it, then try again." });
    }
    this.dispatchEvent(new Event("done"));
  }

  retry() {
    return this.run();
  }

  take(event, data) {
    if (event === "headline") this.answers[data.index] = { text: data.text };
    if (event === "answer") this.answers[data.index] = { answer: data.answer };
    if (event === "done") this.state = "done";
    if (event === "error") this.fail({ message: data.message, requestId: data.request_id });
    this.changed();
  }

  fail(error) {
    this.state = "failed";
    this.error = error;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}
