// The way to the gateway: JSON calls, and a question as a stream that survives a cut.

const RETRY_WAITS_MS = [300, 1000, 3000];

let csrf = null;

export class ApiError extends Error {
  constructor(status, error) {
    super(error?.message ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = error?.code ?? "error";
    this.requestId = error?.request_id ?? null;
  }
}

export function identifier() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function call(method, path, body) {
  const response = await send(method, path, body);
  if (!response.ok) throw await problem(response);
  return response.status === 204 ? null : response.json();
}

export async function signedIn() {
  try {
    const me = await call("GET", "/api/v1/me");
    csrf = me.csrf;
    return me;
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

// Yields {event, data}. A cut connection is taken up again after the last event that came.
export async function* ask(message, conversation) {
  const body = { message, conversation_id: conversation, message_id: identifier() };
  let last = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      for await (const event of stream(body, last)) {
        last = event.id;
        attempt = 0;
        yield event;
        if (event.event === "done" || event.event === "error") return;
      }
      throw new TypeError("The stream ended early.");
    } catch (error) {
      if (error instanceof ApiError || attempt >= RETRY_WAITS_MS.length) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_WAITS_MS[attempt]));
    }
  }
}

async function* stream(body, last) {
  const response = await send("POST", "/api/v1/chat/stream", body, last ? { "Last-Event-ID": last } : {});
  if (!response.ok) throw await problem(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    buffer += value;
    const blocks = buffer.split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
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

function send(method, path, body, headers = {}) {
  const all = { ...headers, Accept: "application/json, text/event-stream" };
  if (csrf) all["X-CSRF-Token"] = csrf;
  if (body !== undefined) all["Content-Type"] = "application/json";
  return fetch(path, { method, headers: all, credentials: "same-origin", body: body && JSON.stringify(body) });
}

async function problem(response) {
  const body = await response.json().catch(() => null);
  return new ApiError(response.status, body?.error);
}
