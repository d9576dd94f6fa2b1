// The list of conversations: opened, renamed in place, deleted with a way back.
import { announce } from "../base/announce.js";
import { button, el } from "../base/dom.js";
import { iconButton } from "../base/icons.js";
import { LOCALE } from "../base/locale.js";
import { call, send } from "../talk/api.js";
import { toast } from "./toast.js";

const PAGE = 50;
const DAY_MS = 86_400_000;
const TITLE_CHARS = 120;

export class Sidebar extends EventTarget {
  // Fires "open" {id}, "renamed" {id, title} and "deleted" {id}.
  constructor(place) {
    super();
    this.place = place;
    this.found = null;
    this.hidden = new Set();
    this.current = null;
    // Another tab asked, renamed or deleted something.
    this.others = new BroadcastChannel("verbatim-conversations");
    this.others.addEventListener("message", ({ data }) => {
      this.refresh();
      if (data.deleted) this.tell("deleted", { id: data.deleted });
    });
  }

  // Reads the newest ones again, and says so to other tabs where `changed`.
  async refresh(changed = null) {
    if (changed) this.others.postMessage(changed);
    try {
      this.found = await this.read();
      this.failed = null;
    } catch (error) {
      this.failed = error;
    }
    this.render();
  }

  async read(before = "") {
    const { conversations } = await call("GET", `/api/v1/conversations?limit=${PAGE}${before && `&before=${encodeURIComponent(before)}`}`);
    this.more = conversations.length === PAGE;
    return conversations;
  }

  select(id) {
    this.current = id;
    this.render();
  }

  title(id) {
    return this.found?.find((one) => one.id === id)?.title ?? "";
  }

  close() {
    this.others.close();
  }

  render() {
    if (this.place.querySelector("input")) return; // somebody is typing a title
    this.place.replaceChildren(...this.content());
  }

  content() {
    if (!this.found && this.failed) return [el("p", { class: "hint" }, "The list cannot be read just now. ", button("Try again", () => this.refresh(), { class: "quiet-button" }))];
    if (!this.found) return [el("div", { class: "bones", "aria-hidden": "true" }, ...["w70", "w40", "w70"].map((kind) => el("div", { class: `bone ${kind}` })))];
    const shown = this.found.filter((one) => !this.hidden.has(one.id));
    if (!shown.length) return [el("p", { class: "hint" }, "No conversations yet. They are kept here once you have asked something.")];
    const groups = Map.groupBy(shown, (one) => age(new Date(one.updated_at)));
    const lists = [...groups].flatMap(([name, items]) => [el("h2", {}, name), el("ul", {}, ...items.map((one) => this.item(one)))]);
    return this.more ? [...lists, button("Show older", () => this.older(), { class: "quiet-button older" })] : lists;
  }

  item(one) {
    const here = one.id === this.current;
    const open = (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return; // a new tab, as the reader wants it
      event.preventDefault();
      this.tell("open", { id: one.id });
    };
    const link = el("a", { href: `/c/${one.id}`, title: tip(one), "aria-current": here && "page", on: { click: open } }, one.title || "Untitled");
    const item = el("li", { "data-id": one.id }, link);
    item.append(
      iconButton("edit", `Rename ${one.title}`, () => this.rename(one, item)),
      iconButton("trash", `Delete ${one.title}`, () => this.remove(one)),
    );
    return item;
  }

  async older() {
    const last = this.found.at(-1);
    try {
      const known = new Set(this.found.map((one) => one.id));
      this.found.push(...(await this.read(last.updated_at)).filter((one) => !known.has(one.id)));
    } catch (error) {
      announce(error.message);
    }
    this.render();
  }

  rename(one, item) {
    const input = el("input", { type: "text", value: one.title, maxlength: TITLE_CHARS, "aria-label": "Title of the conversation" });
    let finished = false;
    const finish = async (keep) => {
      if (finished) return; // taking the field away blurs it, which comes here again
      finished = true;
      const title = input.value.trim();
      input.remove();
      this.render();
      this.place.querySelector(`[data-id="${CSS.escape(one.id)}"] a`)?.focus();
      if (keep && title && title !== one.title) await this.save(one, title);
    };
    input.addEventListener("blur", () => finish(true));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") {
        event.stopPropagation();
        finish(false);
      }
    });
    item.replaceChildren(input);
    input.select();
  }

  async save(one, title) {
    const before = one.title;
    one.title = title;
    this.render();
    try {
      await call("PATCH", `/api/v1/conversations/${one.id}`, { title });
      this.others.postMessage({});
      this.tell("renamed", { id: one.id, title });
    } catch (error) {
      one.title = before;
      this.render();
      toast(`Not renamed: ${error.message}`, "Close", () => null, () => null);
    }
  }

  // Gone at once for the eye; for the gateway once there is no way back any more.
  remove(one) {
    this.hidden.add(one.id);
    this.render();
    if (one.id === this.current) this.tell("deleted", { id: one.id });
    toast(`Deleted “${short(one.title)}”.`, "Undo", () => this.keep(one), () => this.erase(one));
  }

  keep(one) {
    this.hidden.delete(one.id);
    this.render();
    this.tell("open", { id: one.id });
  }

  async erase(one) {
    try {
      await send("DELETE", `/api/v1/conversations/${one.id}`, undefined, { keepalive: true });
      this.refresh({ deleted: one.id });
    } catch (error) {
      if (error.status === 404) return;
      this.hidden.delete(one.id);
      this.render();
      toast(`Not deleted: ${error.message}`, "Close", () => null, () => null);
    }
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function age(moment) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  if (moment >= midnight) return "Today";
  if (moment >= midnight - DAY_MS) return "Yesterday";
  return moment >= midnight - 7 * DAY_MS ? "Last 7 days" : "Earlier";
}

function tip(one) {
  const at = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" }).format(new Date(one.updated_at));
  return `${one.title}\n${at}`;
}

function short(title) {
  return title.length > 40 ? `${title.slice(0, 39)}…` : title;
}
