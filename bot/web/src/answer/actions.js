// The row of things to do with an answer: judge it, take it along, see how it came about.
import { announce } from "../base/announce.js";
import { el } from "../base/dom.js";
import { icon, iconButton } from "../base/icons.js";
import { theme } from "../base/theme.js";
import { file } from "../talk/api.js";
import { fill } from "./computed.js";
import { copyAnswer, copyText } from "./copy.js";
import { thumbs } from "./thumbs.js";

const FAILED_MS = 5000;

export function actions(answer, turn, index, panel) {
  const { exports } = turn.conversation;
  const [judge, comment] = thumbs(turn);
  const row = [judge, ...(exports ? takeAlong(answer, turn, index) : []), panel && disclosure(panel, () => fill(panel, answer, turn))];
  return el("div", { class: "after" }, el("div", { class: "actions", role: "group", "aria-label": "This answer" }, ...row), comment);
}

function takeAlong(answer, turn, index) {
  const from = `/api/v1/conversations/${turn.conversation.id}/turns/${turn.id}/answers/${index}`;
  const link = () => new URL(turn.conversation.path(turn), location.origin).href;
  return [
    tool("copy", "Copy", (pressed) => copyAnswer(pressed, answer)),
    answer.rows?.length ? tool("file", "CSV", (pressed) => download(pressed, `${from}/table.csv`)) : null,
    answer.chart ? tool("picture", "PNG", (pressed) => download(pressed, `${from}/chart.png?theme=${theme.now}`)) : null,
    tool("link", "Link", (pressed) => copyText(pressed, link())),
  ];
}

function tool(name, label, work) {
  return iconButton(name, label, (event) => work(event.currentTarget), { shown: true, class: "tool" });
}

async function download(pressed, path) {
  pressed.disabled = true;
  try {
    const { blob, name } = await file(path);
    const url = URL.createObjectURL(blob);
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), FAILED_MS);
  } catch (error) {
    failed(pressed, error.message);
  }
  pressed.disabled = false;
}

function failed(pressed, message) {
  announce(message);
  const said = el("p", { class: "small bad" }, message);
  pressed.closest(".after").append(said);
  setTimeout(() => said.remove(), FAILED_MS);
}

function disclosure(panel, filled) {
  const toggle = el("button", { type: "button", class: "tool how", "aria-expanded": "false", on: { click: () => open(panel.hidden) } }, el("span", {}, "How this was computed"), icon("more"));
  function open(wanted) {
    if (wanted) filled();
    panel.hidden = !wanted;
    toggle.setAttribute("aria-expanded", wanted);
    if (wanted) panel.scrollIntoView({ block: "nearest" });
  }
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
    toggle.focus();
  });
  return toggle;
}
