// Building elements. Text only ever goes in as text, so no customer's words become markup.

export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function filled(element, attributes, children) {
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

export function styled(root, ...sheets) {
  root.adoptedStyleSheets = sheets.map((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    return sheet;
  });
}

export function button(label, click, attributes = {}) {
  return el("button", { type: "button", ...attributes, on: { click } }, label);
}

// Texts that ask themselves when pressed; where `queries` has one for a text, that is run in place of reading it.
export function chips(texts, label, kind = "chip", queries = new Map()) {
  if (!texts?.length) return null;
  const press = (text) => (event) => ask(event.currentTarget, text, queries.get(text) ?? null);
  const asking = texts.map((text) => button(text, press(text), { class: kind }));
  return el("div", { class: `${kind}s`, role: "group", "aria-label": label }, ...asking);
}

// Asks from anywhere on the page; `query` is run in place of reading the text, `corrects` is the id of the
// request that the text says in other words.
export function ask(element, text, query = null, corrects = null) {
  element.dispatchEvent(new CustomEvent("verbatim-ask", { detail: { text, query, corrects }, bubbles: true, composed: true }));
}
