// The page: signs in, then shows a conversation, by its address.
import { button, el } from "./base/dom.js";
import { theme } from "./base/theme.js";
import { watchConnection } from "./shell/banner.js";
import { Drawer } from "./shell/drawer.js";
import { watchKeys } from "./shell/keys.js";
import { Saved } from "./shell/saved.js";
import { Sidebar } from "./shell/sidebar.js";
import { signInView } from "./shell/signin.js";
import { ApiError, Unreachable, call, signedIn } from "./talk/api.js";
import { connection } from "./talk/connection.js";
import { Conversation } from "./talk/conversation.js";

const NAME = "Verbatim";
const PLACEHOLDER = "Ask about your customers …";
const WELCOME = "<verbatim-welcome></verbatim-welcome>";
const REVIEW = "/review";
const REVIEWERS = ["admin", "analyst"];
const ADDRESS = /^\/c\/([A-Za-z0-9_.-]{1,64})$/;

const part = (id) => document.getElementById(id);
const view = part("view");

let me = null;
let chat = null;
let sidebar = null;
let saved = null;
let opening = 0;

async function start({ signedOut = false } = {}) {
  // Fetched while the gateway says who this is: the two do not wait for each other.
  import("./chat/chat.js");
  try {
    me = await signedIn();
  } catch (error) {
    return place(trouble(error, start));
  }
  document.body.classList.toggle("signed-in", Boolean(me));
  if (!me) return place(signInView(start, { signedOut }));
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  part("who").replaceChildren(el("span", { class: "name" }, me.name), el("span", { class: "role" }, me.role));
  part("review").hidden = !REVIEWERS.includes(me.role);
  startSidebar();
  return route();
}

function startSidebar() {
  sidebar?.close();
  sidebar = new Sidebar(part("conversations"));
  sidebar.addEventListener("open", ({ detail }) => go(`/c/${detail.id}`));
  sidebar.addEventListener("renamed", ({ detail }) => chat?.conversation.id === detail.id && entitle(detail.title));
  sidebar.addEventListener("deleted", ({ detail }) => chat?.conversation.id === detail.id && go("/"));
  sidebar.refresh();
  saved = new Saved(part("saved"));
  saved.addEventListener("run", ({ detail }) => runSaved(detail.text));
  saved.refresh();
}

async function runSaved(text) {
  drawer.close();
  if (!chat?.element.isConnected) await go("/");
  await chat.ready;
  chat.ask(text);
}

function go(path) {
  drawer.close();
  history.pushState(null, "", path);
  return route();
}

async function route() {
  const turn = (opening += 1);
  const id = ADDRESS.exec(location.pathname)?.[1];
  if (id && chat?.conversation.id === id) return reveal();
  place(skeleton());
  if (location.pathname === REVIEW) return review(turn);
  try {
    const options = { exports: me.role !== "guest" };
    const [{ Chat }, conversation] = await Promise.all([
      import("./chat/chat.js"),
      id ? Conversation.load(id, options) : new Conversation(undefined, options),
    ]);
    if (turn === opening) open(new Chat(conversation, { welcome: WELCOME, placeholder: PLACEHOLDER }));
  } catch (error) {
    if (turn !== opening) return null;
    if (error.status === 401) return start({ signedOut: true });
    return place(error.status === 404 ? unknown() : trouble(error, route));
  }
  return null;
}

async function review(turn) {
  try {
    const { Review } = await import("./review/review.js");
    const page = new Review();
    await page.load();
    if (turn !== opening) return;
    sidebar.select(null);
    entitle("Review");
    place(page.element);
  } catch (error) {
    if (turn === opening) place(error.status === 403 ? notForYou() : trouble(error, route));
  }
}

function open(opened) {
  chat = opened;
  chat.addEventListener("asked", asked);
  chat.addEventListener("answered", answered);
  place(chat.element);
  const { conversation } = chat;
  sidebar.select(conversation.turns.length ? conversation.id : null);
  entitle(conversation.title);
  chat.ready.then(() => chat === opened && reveal());
  requestIdleCallback(() => import("./answer/draw.js"), { timeout: 2000 });
}

function reveal() {
  if (!location.hash || !chat.reveal(location.hash.slice(1))) chat.invite();
}

function asked({ currentTarget, detail }) {
  if (currentTarget !== chat) return;
  const path = chat.conversation.path();
  if (location.pathname !== path) history.replaceState(null, "", path);
  chat.conversation.title ||= detail.turn.message;
  entitle(chat.conversation.title);
}

function answered({ currentTarget, detail }) {
  if (detail.turn.error?.status === 401) return start({ signedOut: true });
  if (currentTarget === chat) sidebar.select(chat.conversation.id);
  saved.refresh();
  return sidebar.refresh({});
}

function entitle(title) {
  part("title").textContent = title;
  document.title = title ? `${title} · ${NAME}` : NAME;
}

function place(...nodes) {
  if (!nodes.includes(chat?.element)) chat = null;
  view.replaceChildren(...nodes);
}

function skeleton() {
  const bones = ["w40", "w70", "box"].map((kind) => el("div", { class: `bone ${kind}` }));
  return el("div", { class: "bones", role: "status", "aria-label": "Loading" }, ...bones);
}

function unknown() {
  entitle("");
  const text = "There is no such conversation of yours. It may have been deleted, or belong to another account.";
  return el("div", { class: "card" }, el("h1", {}, "Not found"), el("p", {}, text), button("New conversation", () => go("/"), { class: "primary" }));
}

function notForYou() {
  entitle("");
  return el("div", { class: "card" }, el("h1", {}, "Not for this account"), el("p", {}, "Corrections are reviewed by people with the role admin or analyst."), button("New conversation", () => go("/"), { class: "primary" }));
}

function trouble(error, again) {
  const id = error.requestId ? el("p", { class: "small" }, "Request ", el("code", {}, error.requestId)) : null;
  if (connection.lost) connection.back().then(() => view.querySelector(".trouble") && again());
  const known = error instanceof ApiError || error instanceof Unreachable;
  const message = known ? error.message : "A part of the page could not be loaded.";
  return el("div", { class: "card trouble", role: "alert" }, el("h1", {}, "Not loaded"), el("p", {}, message), id, button("Try again", () => again(), { class: "primary" }));
}

const drawer = new Drawer(part("sidebar"), part("page"), part("menu"));

document.addEventListener("verbatim-ask", ({ detail }) => chat?.ask(detail.text, detail.query, detail.corrects));
for (const id of ["new", "new-small"]) part(id).addEventListener("click", () => go("/"));
part("home").addEventListener("click", (event) => {
  event.preventDefault();
  go("/");
});
part("review").addEventListener("click", (event) => {
  event.preventDefault();
  go(REVIEW);
});
part("theme").addEventListener("click", () => theme.toggle());
part("sign-out").addEventListener("click", async () => {
  await call("DELETE", "/api/v1/session").catch(() => null);
  location.assign("/");
});
part("skip").addEventListener("click", (event) => {
  event.preventDefault();
  (chat ?? view.querySelector("input, button"))?.focus();
});
addEventListener("popstate", () => me && route());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && me && sidebar?.refresh());
watchConnection(part("banner"));
watchKeys(() => chat);

start();
