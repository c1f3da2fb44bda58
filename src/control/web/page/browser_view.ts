import type { View } from "./live.ts";

/** The browser that the page is in. */
export const BROWSER: View = {
  get hidden() {
    return document.hidden;
  },
  onHidden: (callback) => document.addEventListener("visibilitychange", callback),
  onOnline: (callback) => globalThis.addEventListener("online", callback),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
