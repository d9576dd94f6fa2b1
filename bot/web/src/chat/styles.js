// How deep-chat looks: our colours by variables, so light and dark need no second set.

const plain = { border: "none", backgroundColor: "transparent" };
const wide = { ...plain, maxWidth: "100%", width: "100%", padding: "0", margin: "0", color: "var(--text)", borderRadius: "0" };
const column = "min(var(--column), calc(100% - 2 * var(--edge)))";

const ARROW = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M8 13V3.5M3.8 7.5 8 3.3l4.2 4.2"/></svg>';
const round = { width: "2rem", height: "2rem", bottom: "1.0rem", right: "0.45rem", borderRadius: "50%", backgroundColor: "var(--accent)", color: "var(--on-accent)" };

// On the element itself, before it is drawn: without a font there, deep-chat asks one from outside.
export const hostStyle = { ...plain, overflow: "clip", width: "100%", height: "100%", fontFamily: "var(--font)", fontSize: "var(--t4)" };

const messageStyles = {
  default: {
    shared: {
      bubble: { fontSize: "var(--t4)", lineHeight: "1.55" },
      innerContainer: { width: column, maxWidth: "none", margin: "0 auto" },
      outerContainer: { marginTop: "var(--s5)", scrollMarginTop: "var(--s4)" },
    },
    user: { bubble: { backgroundColor: "var(--accent-soft)", color: "var(--text)", borderRadius: "var(--r3)", padding: "var(--s2) var(--s4)", maxWidth: "min(85%, 34rem)", overflowWrap: "anywhere" } },
    ai: { bubble: wide, outerContainer: { marginTop: "var(--s4)" } },
  },
  html: { shared: { bubble: wide } },
  intro: { bubble: wide },
  loading: { message: { styles: { bubble: { ...wide, width: "auto" } } } },
};

export const chatStyles = (placeholder) => ({
  messageStyles,
  displayLoadingBubble: false,
  inputAreaStyle: { backgroundColor: "transparent", padding: "var(--s2) 0 var(--s4)", width: column, margin: "0 auto" },
  textInput: {
    characterLimit: 1000,
    placeholder: { text: placeholder, style: { color: "var(--quiet)" } },
    styles: {
      container: { width: "100%", border: "1px solid var(--line-strong)", borderRadius: "var(--r3)", backgroundColor: "var(--surface)", boxShadow: "var(--shadow)" },
      text: { color: "var(--text)", padding: "0.8rem 3.2rem 0.8rem 1rem", fontSize: "var(--t4)" },
      focus: { borderColor: "var(--accent)", boxShadow: "0 0 0 3px var(--accent-soft)" },
    },
  },
  submitButtonStyles: {
    position: "inside-end",
    submit: { container: { default: round }, svg: { content: ARROW } },
    disabled: { container: { default: { ...round, backgroundColor: "var(--pressed)", color: "var(--quiet)", cursor: "default" } }, svg: { content: ARROW } },
  },
  errorMessages: { displayServiceErrorMessages: false },
  auxiliaryStyle: `
    #chat-view { grid-template-rows: minmax(0, 1fr) auto; }
    #messages { padding-bottom: var(--s5); scrollbar-width: thin; scrollbar-color: var(--line-strong) transparent; }
    @media (hover: hover) { #messages { scrollbar-gutter: stable both-edges; } }
    @media (max-width: 40rem) { #messages { scrollbar-width: none; } }
    #messages:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
    #input { position: relative; box-sizing: border-box; }
    #input::before { content: ""; position: absolute; right: 0; bottom: 100%; left: 0; height: var(--s5); background: linear-gradient(transparent, var(--surface)); pointer-events: none; }
    .input-button svg { position: absolute; inset: 0; width: 1rem; height: 1rem; margin: auto; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; filter: none; }
    .input-button:focus-visible { outline: 2px solid var(--accent); }
    .user-message-text p { white-space: pre-wrap; unicode-bidi: plaintext; }
  `,
});
