// Signing in: by the link that the start prints, or with an access token.
import { call } from "./api.js";
import { el } from "./dom.js";

const EXPIRED = "This link was used before or is too old. Make a new one with: verbatim token link";

export function signInView(done) {
  const expired = new URLSearchParams(location.search).get("signin") === "expired";
  const input = el("input", { id: "token", type: "password", autocomplete: "off", required: true });
  const notice = el("p", { class: "notice bad", role: "alert", hidden: true });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await call("POST", "/api/v1/session", { token: input.value.trim() });
      done();
    } catch (error) {
      notice.textContent = error.status ? error.message : "The server cannot be reached.";
      notice.hidden = false;
    }
  };
  return el(
    "form",
    { class: "card", on: { submit } },
    el("h1", {}, "Sign in"),
    expired ? el("p", { class: "notice" }, EXPIRED) : null,
    el("p", {}, "Open the link that ", el("code", {}, "make run"), " printed, or get a new one with ", el("code", {}, "verbatim token link"), "."),
    el("label", { for: "token" }, "Or use an access token"),
    input,
    notice,
    el("button", { type: "submit" }, "Sign in"),
  );
}
