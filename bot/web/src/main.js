// The page: sign-in, then a chat that is fed by the gateway's stream.
import "deep-chat";
import "./welcome.js";
import { show } from "./answer.js";
import { call, identifier, signedIn } from "./api.js";
import { chatStyles, hostStyle } from "./chat-styles.js";
import { el } from "./dom.js";
import { signInView } from "./signin.js";
import { Turn } from "./turn.js";

const view = document.getElementById("view");
const tools = document.getElementById("tools");

// A chart is drawn a moment after its answer came.
const SETTLE_MS = 1500;

let chat = null;
let conversation = null;

async function start() {
  try {
    const me = await signedIn();
    history.replaceState(null, "", me ? "/" : location.href);
    tools.hidden = !me;
    if (me) open();
    else place(signInView(start));
  } catch {
    place(el("p", { class: "quiet", role: "alert" }, "The server cannot be reached. Reload the page to try again."));
  }
}

function place(...nodes) {
  view.replaceChildren(...nodes);
  view.removeAttribute("aria-busy");
}

function open() {
  conversation = identifier();
  chat = document.createElement("deep-chat");
  Object.assign(chat.style, hostStyle);
  Object.assign(chat, chatStyles);
  chat.introMessage = { html: "<verbatim-welcome></verbatim-welcome>" };
  chat.connect = { handler: answer };
  place(chat);
}

// deep-chat gets a placeholder at once; the element fills itself as the stream comes in.
function answer(body, signals) {
  const turn = new Turn(body.messages.at(-1).text, conversation);
  turn.addEventListener("change", () => {
    if (turn.error?.status === 401) start();
  });
  signals.onResponse({ html: show(turn) });
  keepInSight(turn);
  turn.run();
}

// Holds the question at the top while its answer grows, until the reader scrolls.
function keepInSight(turn) {
  const list = chat.shadowRoot.getElementById("messages");
  const question = [...list.querySelectorAll(".user-message-text")].at(-1);
  const align = () => requestAnimationFrame(() => question?.scrollIntoView({ block: "start" }));
  const watch = new ResizeObserver(align);
  const stop = () => watch.disconnect();
  for (const gesture of ["wheel", "touchmove", "keydown", "pointerdown"]) list.addEventListener(gesture, stop, { once: true });
  watch.observe(list.lastElementChild);
  turn.addEventListener("change", align);
  turn.addEventListener("done", () => setTimeout(stop, SETTLE_MS), { once: true });
}

document.addEventListener("verbatim-ask", (event) => chat?.submitUserMessage({ text: event.detail }));
document.getElementById("new-conversation").addEventListener("click", open);
document.getElementById("sign-out").addEventListener("click", async () => {
  await call("DELETE", "/api/v1/session").catch(() => null);
  location.assign("/");
});

start();
