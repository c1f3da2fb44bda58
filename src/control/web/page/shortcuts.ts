/** Keys that hold wherever the keyboard is, but where something is typed or asked. */
import { useEffect } from "preact/hooks";
import type { Open } from "./app.tsx";

/** `a` adds, `/` goes to the search, `?` shows the keys. */
export function useShortcuts(isOn: boolean, onOpen: (open: Open) => void): void {
  useEffect(() => {
    if (!isOn) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.repeat || event.isComposing || event.defaultPrevented) return;
      if (isTyping(event.target) || isAsked()) return;
      if (event.key === "/") document.querySelector<HTMLElement>("input[type=search]")?.focus();
      else if (event.key === "?") onOpen("keys");
      else if (event.key === "a") onOpen("add");
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOn]);
}

/** A field has the key. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}

/** A question is open, wherever in it or beside it the keyboard is. */
function isAsked(): boolean {
  return document.querySelector("dialog[open]") !== null;
}
