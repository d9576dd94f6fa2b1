// Copying an answer: words and table, as a spreadsheet and as a document take them.
import { announce } from "../base/announce.js";
import { el } from "../base/dom.js";
import { cell, heads } from "../base/format.js";

const SHOWN_MS = 1600;

export async function copyText(pressed, text) {
  await done(pressed, navigator.clipboard.writeText(text));
}

export async function copyAnswer(pressed, answer) {
  const types = { "text/plain": asText(answer), "text/html": asHtml(answer) };
  const blobs = Object.entries(types).map(([type, text]) => [type, new Blob([text], { type })]);
  const item = new ClipboardItem(Object.fromEntries(blobs));
  await done(pressed, navigator.clipboard.write([item]).catch(() => navigator.clipboard.writeText(types["text/plain"])));
}

async function done(pressed, written) {
  const said = await written.then(() => "Copied", () => "Copying is not allowed here");
  announce(said);
  const label = pressed.querySelector("span") ?? pressed;
  const before = label.textContent;
  label.textContent = said;
  pressed.toggleAttribute("data-done", true);
  setTimeout(() => {
    label.textContent = before;
    pressed.toggleAttribute("data-done", false);
  }, SHOWN_MS);
}

function grid(answer) {
  return [heads(answer), ...answer.rows.map((row) => row.map((raw, i) => cell(raw, answer.columns[i])))];
}

export function asText(answer) {
  const flat = (text) => text.replace(/[\t\r\n]+/g, " ");
  const lines = answer.rows?.length ? ["", ...grid(answer).map((row) => row.map(flat).join("\t"))] : [];
  return [answer.text, ...lines].join("\n");
}

// Built as elements, so that what customers wrote is escaped by the browser.
export function asHtml(answer) {
  const parts = [el("p", {}, answer.text)];
  if (answer.rows?.length) {
    const [top, ...rows] = grid(answer);
    const line = (tag, texts) => el("tr", {}, ...texts.map((text) => el(tag, {}, text)));
    parts.push(el("table", {}, el("thead", {}, line("th", top)), el("tbody", {}, ...rows.map((row) => line("td", row)))));
  }
  return parts.map((part) => part.outerHTML).join("");
}
