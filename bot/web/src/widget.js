// The loader: a button on any page that opens the chat in a frame. No dependencies, nothing global.
import css from "./widget.css";

const self = document.currentScript;
// Of several tags, the first one on the page says how the chat looks, whichever is run first.
const script = [...document.scripts].find((one) => one.src === self?.src);
const server = script ? new URL(script.src).origin : null;

function start() {
  // One chat for a page, however many tags it has.
  if (!server || document.querySelector("verbatim-widget")) return;
  // A name of its own and no box: what the page says about its own elements does not reach it.
  const place = document.createElement("verbatim-widget");
  place.style.setProperty("display", "contents", "important");
  document.body.append(place);
  session()
    .then((visit) => new Widget(place, visit))
    .catch((error) => {
      place.remove();
      console.warn(`Verbatim: the chat is not shown on ${location.origin}. ${error.message}`);
    });
}

async function session() {
  const response = await fetch(`${server}/api/v1/widget/session`, { method: "POST", credentials: "omit" }).catch(() => {
    throw new Error(`${server} does not allow it (VERBATIM_WIDGET_ORIGINS), or cannot be reached.`);
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error?.message ?? `Status ${response.status}.`);
  return body;
}

class Widget {
  constructor(place, visit) {
    this.visit = visit;
    this.title = script.dataset.title || "Ask a question";
    this.accent = CSS.supports("color", script.dataset.accent ?? "") ? script.dataset.accent : null;
    this.root = place.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.root.adoptedStyleSheets = [sheet];
    place.classList.toggle("left", script.dataset.position === "left");
    if (this.accent) place.style.setProperty("--accent", this.accent);
    this.button = this.launcher();
    this.panel = this.dialog();
    this.root.append(this.panel, this.button);
    if (this.accent) this.button.style.color = readableOn(getComputedStyle(this.button).backgroundColor);
    addEventListener("message", (event) => this.hear(event));
    addEventListener("keydown", (event) => event.key === "Escape" && this.isOpen && this.close());
  }

  launcher() {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", this.title);
    button.setAttribute("aria-expanded", "false");
    button.append(drawing("M4 5.5A1.5 1.5 0 0 1 5.5 4h13A1.5 1.5 0 0 1 20 5.5v9a1.5 1.5 0 0 1-1.5 1.5H10l-4.5 4v-4A1.5 1.5 0 0 1 4 14.5z", "open-icon"), drawing("m6 6 12 12m0-12L6 18", "close-icon"));
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    return button;
  }

  dialog() {
    const panel = document.createElement("div");
    panel.className = "panel";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", this.title);
    panel.inert = true;
    return panel;
  }

  get isOpen() {
    return this.panel.classList.contains("open");
  }

  open() {
    this.frame ??= this.newFrame();
    this.show(true);
    this.frame.focus();
    if (this.ready) this.tell("open");
  }

  close() {
    this.show(false);
    this.button.focus();
  }

  show(open) {
    this.panel.classList.toggle("open", open);
    this.panel.inert = !open;
    this.button.classList.toggle("opened", open);
    this.button.setAttribute("aria-expanded", open);
  }

  newFrame() {
    const frame = document.createElement("iframe");
    frame.title = this.title;
    frame.src = `${server}/widget?origin=${encodeURIComponent(location.origin)}`;
    this.panel.append(frame);
    return frame;
  }

  // Only from our own frame, and only from the server that it was loaded from.
  hear({ source, origin, data }) {
    if (source !== this.frame?.contentWindow || origin !== server || data?.source !== "verbatim") return;
    if (data.type === "ready") {
      this.ready = true;
      this.handOver();
      if (this.isOpen) this.frame.focus();
    }
    if (data.type === "close") this.close();
    if (data.type === "expired") this.renew();
  }

  handOver() {
    this.tell("token", { ...this.visit, title: script.dataset.title, accent: this.accent });
  }

  async renew() {
    this.visit = await session();
    this.handOver();
  }

  tell(type, more = {}) {
    this.frame.contentWindow?.postMessage({ source: "verbatim", type, ...more }, server);
  }
}

function drawing(path, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", name);
  svg.append(line);
  return svg;
}

// Black or white, whichever stands out more (relative luminance, WCAG 2.2).
function readableOn(colour) {
  const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

if (document.body) start();
else addEventListener("DOMContentLoaded", start, { once: true });
