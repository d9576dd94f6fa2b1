// Whether the server can be reached. While it cannot, looks again ever more rarely, and when the browser says so.

const WAITS_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];

class Connection extends EventTarget {
  constructor() {
    super();
    this.lost = false;
    addEventListener("offline", () => this.lose());
    addEventListener("online", () => this.lost && this.look());
  }

  lose() {
    if (this.lost) return;
    this.lost = true;
    this.tries = 0;
    this.wait();
    this.dispatchEvent(new Event("change"));
  }

  restore() {
    if (!this.lost) return;
    this.lost = false;
    clearTimeout(this.timer);
    this.dispatchEvent(new Event("change"));
  }

  // Resolves once the server has answered again.
  back() {
    return new Promise((resolve) => {
      const settled = () => {
        if (this.lost) return;
        this.removeEventListener("change", settled);
        resolve();
      };
      this.addEventListener("change", settled);
      settled();
    });
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAITS_MS[Math.min(this.tries, WAITS_MS.length - 1)]);
    this.tries += 1;
  }

  // Any answer will do: one that is not well still takes questions, and says what it lacks.
  async look() {
    try {
      await fetch("/healthz", { cache: "no-store", credentials: "omit" });
      this.restore();
    } catch {
      this.wait();
    }
  }
}

export const connection = new Connection();
