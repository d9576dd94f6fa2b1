// A conversation: its turns in order, asked one after the other.
import { call, identifier } from "./api.js";
import { pending } from "./pending.js";
import { Turn } from "./turn.js";

export class Conversation {
  constructor(id = identifier(), { title = "", exports = true } = {}) {
    Object.assign(this, { id, title, exports });
    this.turns = [];
    this.last = Promise.resolve();
  }

  // With the turns that the gateway kept. Throws ApiError (404) where there is none of this reader.
  static async load(id, options) {
    const kept = await call("GET", `/api/v1/conversations/${encodeURIComponent(id)}`).catch((error) => {
      if (error.status === 404 && pending.of(id).length) return { title: "", turns: [] };
      throw error;
    });
    const conversation = new Conversation(id, { ...options, title: kept.title });
    conversation.turns = kept.turns.map((turn) => Turn.stored(conversation, turn));
    return conversation;
  }

  // Questions of this tab that were cut off before their answer, ready to be asked again.
  unanswered() {
    const known = new Set(this.turns.map((turn) => turn.id));
    const [answered, open] = [[], []];
    for (const one of pending.of(this.id)) (known.has(one.id) ? answered : open).push(one);
    answered.forEach((one) => pending.drop(one));
    return open.map((one) => new Turn(this, one.message, one.query, one.id));
  }

  ask(turn) {
    this.turns.push(turn);
    this.last = this.last.then(() => turn.run());
    return turn;
  }

  path(turn = null) {
    return `/c/${this.id}${turn ? `#${turn.id}` : ""}`;
  }
}
