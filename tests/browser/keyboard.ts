/** A visitor who has a keyboard and nothing else. */
import type { Page } from "playwright-core";

/** More that can have the keyboard is in no view of a test's. */
const MAX_STEPS = 40;

/** Goes on with Tab until what has the keyboard says this, or as much as is asked for. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < MAX_STEPS; step++) {
    await page.keyboard.press("Tab");
    const focused = await nameOfFocus(page);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
    seen.push(focused);
  }
  throw new Error(`Expected Tab to come to ${name}, got ${seen.join(", ")}`);
}

/** What has the keyboard says of itself. */
export function nameOfFocus(page: Page): Promise<string> {
  // as text, because it is for the browser and its types are not here
  return page.evaluate<string>(`(() => {
    const focused = document.activeElement;
    return focused?.getAttribute("aria-label") ?? focused?.labels?.[0]?.textContent ??
      focused?.textContent ?? "";
  })()`);
}

/** Waits until the keyboard is at what a selector names. */
export async function focused(page: Page, selector: string): Promise<void> {
  try {
    await page.locator(`${selector}:focus`).waitFor({ state: "attached", timeout: 30_000 });
  } catch {
    const at = await page.evaluate<string>("document.activeElement.outerHTML.slice(0, 200)");
    throw new Error(`Expected the keyboard at ${selector}, got ${at}`);
  }
}
