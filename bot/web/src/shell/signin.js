// Signing in: with login and password, with an access token, or by the link that the start prints.
import { el } from "../base/dom.js";
import { call } from "../talk/api.js";

const EXPIRED = "This link was used before or is too old. Make a new one with: verbatim token link";
const SIGNED_OUT = "You were signed out. Sign in to go on where you were; a question without its answer is asked again.";

export function signInView(done, { signedOut = false } = {}) {
  const expired = new URLSearchParams(location.search).get("signin") === "expired";
  const said = expired ? EXPIRED : signedOut && SIGNED_OUT;
  const view = el(
    "div",
    { class: "card" },
    el("p", { class: "brand" }, el("img", { src: "/static/favicon.svg", alt: "", width: "22", height: "22" }), "Verbatim"),
    el("h1", {}, "Sign in"),
    said ? el("p", { class: "notice" }, said) : null,
    form([
      field("login", "Login", { autocomplete: "username", autocapitalize: "none", spellcheck: "false" }),
      field("password", "Password", { type: "password", autocomplete: "current-password" }),
    ], done),
    el("details", {}, el("summary", {}, "Use an access token"), form([field("token", "Access token", { type: "password", autocomplete: "off" })], done)),
    el("p", { class: "small" }, "On the bot’s own machine, ", el("code", {}, "verbatim token link"), " prints a link that signs this browser in."),
  );
  requestAnimationFrame(() => view.querySelector("input").focus());
  return view;
}

function field(name, label, attributes) {
  return el("label", {}, el("span", {}, label), el("input", { type: "text", id: name, name, required: true, ...attributes }));
}

function form(fields, done) {
  const notice = el("p", { class: "notice bad", role: "alert", hidden: true });
  const send = el("button", { type: "submit", class: "primary" }, "Sign in");
  const submit = async (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    send.disabled = true;
    try {
      await call("POST", "/api/v1/session", given);
      done();
    } catch (error) {
      notice.textContent = error.message;
      notice.hidden = false;
    }
    send.disabled = false;
  };
  return el("form", { on: { submit } }, ...fields, notice, send);
}
