/** Keys that hold wherever the keyboard is, but where something is typed. */
import { useEffect } from "preact/hooks";
import type { Open } from "./app.tsx";

/** `a` adds, `/` goes to the search, `?` shows the keys. */
export function useShortcuts(onOpen: (open: Open) => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "/") document.querySelector<HTMLElement>("input[type=search]")?.focus();
      else if (event.key === "?") onOpen("keys");
      else if (event.key === "a") onOpen("add");
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** A field has the key, or a question that is open. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
}
