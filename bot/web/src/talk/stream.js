// A question as a stream of events that survives a cut: it is taken up again after the last one that came.
import { Unreachable, send } from "./api.js";
import { connection } from "./connection.js";

const RETRY_WAITS_MS = [300, 1000, 3000];

// Yields {id, event, data}. Throws ApiError, or Unreachable where the connection stays away.
export async function* ask(body) {
  let last = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      for await (const event of stream(body, last)) {
        last = event.id;
        attempt = 0;
        yield event;
        if (event.event === "done" || event.event === "error") return;
      }
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
    if (attempt >= RETRY_WAITS_MS.length || !navigator.onLine) {
      connection.lose();
      throw new Unreachable();
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_WAITS_MS[attempt]));
  }
}

async function* stream(body, last) {
  const response = await send("POST", "/api/v1/chat/stream", body, { headers: last ? { "Last-Event-ID": last } : {} });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ done: true }));
    if (done) return;
    buffer += value;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop();
    yield* blocks.map(parse).filter(Boolean);
  }
}

function parse(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  return fields.data ? { id: Number(fields.id), event: fields.event, data: JSON.parse(fields.data) } : null;
}
