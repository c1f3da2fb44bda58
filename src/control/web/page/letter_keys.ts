/**
 * Whether letters and signs alone are commands. Whoever speaks to the computer, or strikes keys unawares, turns that off
 * (WCAG 2.2, 2.1.4).
 */
import type { Store } from "./login.ts";

const KEY = "letter-keys";
const OFF = "off";

/** Whether they are, as it was chosen in this browser. */
export function letterKeysOf(store: Store | null): boolean {
  return store?.getItem(KEY) !== OFF;
}

/** Remembers it. */
export function chooseLetterKeys(store: Store | null, isOn: boolean): void {
  if (isOn) store?.removeItem(KEY);
  else store?.setItem(KEY, OFF);
}

/** Whether a key is a letter or a sign; the space key is none, as it chooses wherever it is pressed. */
export function isLetter(key: string): boolean {
  return key.length === 1 && key !== " ";
}
