/** The keyboard of this process. */
import type { Keyboard } from "./environment.ts";

/** Bytes of one read: what is typed, or a piece of what is pasted. */
const CHUNK = 512;
/** What the runtime tells before it gives up, or ends. */
const LAST_EVENTS = ["error", "unhandledrejection", "unload"] as const;

/** Standard input, where it is a terminal. */
export const systemKeyboard: Keyboard = {
  setMode(mode) {
    // Windows has no terminal that sends signals and no lines
    const cbreak = mode === "signals" && Deno.build.os !== "windows";
    Deno.stdin.setRaw(mode !== "lines", { cbreak });
  },
  async read() {
    const bytes = new Uint8Array(CHUNK);
    const length = await Deno.stdin.read(bytes);
    return length === null ? null : bytes.subarray(0, length);
  },
  onChange(handler) {
    if (Deno.build.os === "windows") return () => {};
    const resized = () => handler("size");
    const continued = () => handler("continued");
    Deno.addSignalListener("SIGWINCH", resized);
    Deno.addSignalListener("SIGCONT", continued);
    return () => {
      Deno.removeSignalListener("SIGWINCH", resized);
      Deno.removeSignalListener("SIGCONT", continued);
    };
  },
  onCrash(handler) {
    for (const event of LAST_EVENTS) addEventListener(event, handler);
    return () => {
      for (const event of LAST_EVENTS) removeEventListener(event, handler);
    };
  },
};
