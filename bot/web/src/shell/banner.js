// A line at the top of the page while the server cannot be reached.
import { button, el } from "../base/dom.js";
import { connection } from "../talk/connection.js";

export function watchConnection(place) {
  const show = () => {
    const words = navigator.onLine ? "The server cannot be reached. Trying again …" : "You are offline.";
    place.replaceChildren(el("span", {}, words), button("Try now", () => connection.look()));
    place.hidden = !connection.lost;
  };
  connection.addEventListener("change", show);
  show();
}
