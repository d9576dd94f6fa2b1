// The way to the gateway: JSON calls with the cookie of the page, or with the bearer of a widget visitor.
import { connection } from "./connection.js";

export const session = { csrf: null, bearer: null };

export class ApiError extends Error {
  constructor(status, error) {
    super(error?.message ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = error?.code ?? "error";
    this.requestId = error?.request_id ?? null;
  }
}

// No answer at all: no network, or nobody there.
export class Unreachable extends Error {
  constructor() {
    super("The server cannot be reached.");
  }
}

export function identifier() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export async function call(method, path, body) {
  const response = await send(method, path, body);
  return response.status === 204 ? null : response.json();
}

// A file and the name that the gateway gives it.
export async function file(path) {
  const response = await send("GET", path);
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "") ?? [];
  return { blob: await response.blob(), name: name ?? "verbatim" };
}

// Who is signed in; null where nobody is.
export async function signedIn() {
  try {
    const me = await call("GET", "/api/v1/me");
    session.csrf = me.csrf;
    return me;
  } catch (error) {
    if (error.status === 401) return null;
    throw error;
  }
}

// A response that is fine. Throws ApiError for any other, Unreachable where none came.
export async function send(method, path, body, { headers = {}, keepalive = false } = {}) {
  const all = { Accept: "application/json, text/event-stream", ...headers };
  if (session.bearer) all.Authorization = `Bearer ${session.bearer}`;
  else if (session.csrf) all["X-CSRF-Token"] = session.csrf;
  if (body !== undefined) all["Content-Type"] = "application/json";
  const credentials = session.bearer ? "omit" : "same-origin";
  let response;
  try {
    response = await fetch(path, { method, headers: all, credentials, keepalive, body: body && JSON.stringify(body) });
  } catch {
    connection.lose();
    throw new Unreachable();
  }
  connection.restore();
  if (!response.ok) throw await problem(response);
  return response;
}

async function problem(response) {
  const body = await response.json().catch(() => null);
  return new ApiError(response.status, body?.error);
}
