// The sidebar on a narrow screen: opened by a button, closed by Esc, the dark around it, or a choice.

const NARROW = matchMedia("(max-width: 56rem)");

export class Drawer {
  constructor(panel, page, opener) {
    Object.assign(this, { panel, page, opener });
    opener.addEventListener("click", () => this.open());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    document.getElementById("shade").addEventListener("click", () => this.close());
    NARROW.addEventListener("change", () => this.set(false));
    this.set(false);
  }

  open() {
    this.set(true);
    this.panel.querySelector("button")?.focus();
  }

  close() {
    if (!document.body.classList.contains("drawer-open")) return;
    this.set(false);
    this.opener.focus();
  }

  // What is out of sight cannot be reached by the keyboard either.
  set(open) {
    document.body.classList.toggle("drawer-open", open);
    this.opener.setAttribute("aria-expanded", open);
    this.panel.inert = NARROW.matches && !open;
    this.page.inert = NARROW.matches && open;
  }
}
