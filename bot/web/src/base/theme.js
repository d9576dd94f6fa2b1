// Light or dark: as the system says, until the reader chooses; the choice is kept in this browser.

const KEY = "verbatim-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

class Theme extends EventTarget {
  constructor() {
    super();
    dark.addEventListener("change", () => this.chosen || this.dispatchEvent(new Event("change")));
  }

  get chosen() {
    return document.documentElement.dataset.theme;
  }

  get now() {
    return this.chosen ?? (dark.matches ? "dark" : "light");
  }

  // The other one; asking for what the system says goes back to following it.
  toggle() {
    const wanted = this.now === "dark" ? "light" : "dark";
    const system = dark.matches ? "dark" : "light";
    this.remember(wanted === system ? null : wanted);
    this.dispatchEvent(new Event("change"));
  }

  remember(choice) {
    if (choice) document.documentElement.dataset.theme = choice;
    else delete document.documentElement.dataset.theme;
    try {
      if (choice) localStorage.setItem(KEY, choice);
      else localStorage.removeItem(KEY);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  }
}

export const theme = new Theme();
