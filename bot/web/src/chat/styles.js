// How deep-chat looks: our colours by variables, so light and dark need no second set.

const plain = { border: "none", backgroundColor: "transparent" };
const wide = { ...plain, maxWidth: "100%", width: "100%", padding: "0", margin: "0", color: "var(--text)", borderRadius: "0" };
const column = "min(var(--column), calc(100% - 2 * var(--edge)))";

// On the element itself, before it is drawn: without a font there, deep-chat asks one from outside.
export const hostStyle = { ...plain, width: "100%", height: "100%", fontFamily: "var(--font)", fontSize: "var(--t4)" };

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
    submit: { container: { default: { bottom: "0.5rem", right: "0.5rem", width: "2rem", height: "2rem", borderRadius: "var(--r2)" } } },
  },
  errorMessages: { displayServiceErrorMessages: false },
  auxiliaryStyle: `
    ::-webkit-scrollbar { width: 10px; }
    ::-webkit-scrollbar-thumb { border: 3px solid transparent; border-radius: 10px; background: var(--line-strong); background-clip: content-box; }
    #messages { scrollbar-gutter: stable; padding-bottom: var(--s5); }
    #messages:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
    #input { box-sizing: border-box; }
    #submit-icon { stroke: var(--accent); stroke-width: 1.6; }
    .disabled-button #submit-icon { stroke: var(--quiet); }
    .input-button:focus-visible { outline: 2px solid var(--accent); }
    .user-message-text p { white-space: pre-wrap; unicode-bidi: plaintext; }
  `,
});
