// How deep-chat looks: our colours by variables, so light and dark follow the system.

const plain = { border: "none", backgroundColor: "transparent" };
const wide = { ...plain, maxWidth: "100%", width: "100%", padding: "0", margin: "0", color: "var(--text)", borderRadius: "0" };

// On the element itself, before it is drawn: without a font there, deep-chat asks one from outside.
export const hostStyle = { ...plain, width: "100%", height: "100%", fontFamily: "var(--font)", fontSize: "15px" };

export const chatStyles = {
  messageStyles: {
    default: {
      shared: { bubble: { fontSize: "15px", lineHeight: "1.5" }, innerContainer: { width: "calc(100% - 2rem)" }, outerContainer: { marginTop: "0.9rem" } },
      user: { bubble: { backgroundColor: "var(--accent-soft)", color: "var(--text)", borderRadius: "14px", padding: "0.5rem 0.9rem", maxWidth: "80%", overflowWrap: "anywhere" } },
      ai: { bubble: wide },
    },
    html: { shared: { bubble: wide } },
    intro: { bubble: wide },
    loading: { message: { styles: { bubble: { ...wide, width: "auto" } } } },
  },
  inputAreaStyle: { backgroundColor: "transparent", padding: "0.5rem 1rem 0.9rem" },
  textInput: {
    characterLimit: 1000,
    placeholder: { text: "Ask a question, e.g. which products turned negative this month?", style: { color: "var(--quiet)" } },
    styles: {
      container: { width: "100%", border: "1px solid var(--line)", borderRadius: "14px", backgroundColor: "var(--raised)", boxShadow: "none" },
      text: { color: "var(--text)", padding: "0.7rem 2.8rem 0.7rem 0.9rem", fontSize: "15px" },
      focus: { borderColor: "var(--accent)", outline: "1px solid var(--accent)" },
    },
  },
  submitButtonStyles: { position: "inside-end", submit: { svg: { styles: { default: { filter: "var(--icon-filter)" } } } } },
  errorMessages: { displayServiceErrorMessages: false },
  auxiliaryStyle: `
    ::-webkit-scrollbar { width: 10px; }
    ::-webkit-scrollbar-thumb { border: 3px solid transparent; border-radius: 10px; background: var(--line); background-clip: content-box; }
    #messages { scrollbar-gutter: stable; }
    #input { box-sizing: border-box; width: 100%; }
  `,
};
