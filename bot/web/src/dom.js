// Building elements. Text only ever goes in as text, so no customer's words become markup.

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function styled(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
}

export function chips(texts, label) {
  if (!texts?.length) return null;
  return el("div", { class: "chips", role: "group", "aria-label": label }, ...texts.map(chip));
}

function chip(text) {
  return el("button", { type: "button", class: "chip", on: { click: (event) => ask(event, text) } }, text);
}

function ask(event, text) {
  event.target.dispatchEvent(new CustomEvent("verbatim-ask", { detail: text, bubbles: true, composed: true }));
}
