// The person's saved questions: asked again with a press, renamed in place, deleted.
import { button, el } from "../base/dom.js";
import { iconButton } from "../base/icons.js";
import { call, send } from "../talk/api.js";
import { toast } from "./toast.js";

const NAME_CHARS = 120;

export class Saved extends EventTarget {
  // Fires "run" {text}: what to ask in the conversation that is open.
  constructor(place) {
    super();
    this.place = place;
    this.names = [];
  }

  // Reads them again. Where they cannot be read, the list stays as it was: asking goes on without it.
  async refresh() {
    try {
      const { saved } = await call("GET", "/api/v1/saved");
      this.names = saved.map((one) => one.name);
    } catch {
      return;
    }
    this.render();
  }

  render() {
    if (this.place.querySelector("input")) return; // somebody is typing a name
    this.place.hidden = !this.names.length;
    this.place.replaceChildren(el("h2", {}, "Saved questions"), el("ul", {}, ...this.names.map((name) => this.item(name))));
  }

  item(name) {
    const run = () => this.dispatchEvent(new CustomEvent("run", { detail: { text: `run ${name}` } }));
    const item = el("li", {}, button(name, run, { class: "saved", title: `Ask “${name}” again` }));
    item.append(
      iconButton("edit", `Rename ${name}`, () => this.rename(name, item)),
      iconButton("trash", `Delete ${name}`, () => this.change("DELETE", name)),
    );
    return item;
  }

  rename(name, item) {
    const input = el("input", { type: "text", value: name, maxlength: NAME_CHARS, "aria-label": "Name of the saved question" });
    let finished = false;
    const finish = (keep) => {
      if (finished) return; // taking the field away blurs it, which comes here again
      finished = true;
      const typed = input.value.trim();
      input.remove();
      if (keep && typed && typed !== name) this.change("PATCH", name, { name: typed });
      else this.render();
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

  async change(method, name, body) {
    try {
      await send(method, `/api/v1/saved/${encodeURIComponent(name)}`, body);
    } catch (error) {
      toast(`Not changed: ${error.message}`, "Close", () => null, () => null);
    }
    await this.refresh();
    this.render();
  }
}
