// The widget's inside: the same chat for a visitor, with the token that the page around it hands over.
import { button, el } from "./base/dom.js";
import { watchConnection } from "./shell/banner.js";
import { watchKeys } from "./shell/keys.js";
import { session } from "./talk/api.js";
import { Conversation } from "./talk/conversation.js";

const PLACEHOLDER = "Ask a question …";
const WELCOME = '<verbatim-welcome data-brief data-title="What would you like to know?"></verbatim-welcome>';

const part = (id) => document.getElementById(id);
// Who shows this frame. The gateway's frame-ancestors lets no other page do it; this is the second look.
const host = location.ancestorOrigins?.[0] ?? new URLSearchParams(location.search).get("origin");

let chat = null;

function tell(type) {
  if (host) window.parent.postMessage({ source: "verbatim", type }, host);
}

addEventListener("message", ({ data, origin, source }) => {
  if (source !== window.parent || origin !== host || data?.source !== "verbatim") return;
  if (data.type === "token") signIn(data);
  if (data.type === "open") chat?.focus();
});

function signIn({ token, title, accent }) {
  const first = !session.bearer;
  session.bearer = token;
  if (title) part("title").textContent = document.title = title;
  if (accent && CSS.supports("color", accent)) document.documentElement.style.setProperty("--brand", accent);
  if (first) open();
}

async function open() {
  const { Chat } = await import("./chat/chat.js");
  chat = new Chat(new Conversation(undefined, { exports: false }), { welcome: WELCOME, placeholder: PLACEHOLDER });
  chat.addEventListener("answered", ({ detail }) => detail.turn.error?.status === 401 && expired());
  part("view").replaceChildren(chat.element);
  chat.ready.then(() => chat.invite());
  requestIdleCallback(() => import("./answer/draw.js"), { timeout: 2000 });
}

// The visit was long: the page around gets a new token, and a new conversation begins.
function expired() {
  session.bearer = null;
  const again = button("Begin anew", () => tell("expired"), { class: "primary" });
  part("view").replaceChildren(el("div", { class: "card" }, el("h2", {}, "This visit is over"), el("p", {}, "It was long ago. Begin anew to go on asking."), again));
}

document.addEventListener("verbatim-ask", ({ detail }) => chat?.ask(detail.text, detail.query));
document.addEventListener("keydown", (event) => event.key === "Escape" && tell("close"));
part("close").addEventListener("click", () => tell("close"));
part("new-small").addEventListener("click", () => session.bearer && open());
watchConnection(part("banner"));
watchKeys(() => chat);
tell("ready");
