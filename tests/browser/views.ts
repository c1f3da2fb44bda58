/** Every view of the page, one after another. */
import { EN, type Words } from "../../src/control/web/page/words/en.ts";
import type { Visitor } from "./visitor.ts";

/** How the page is looked at. */
export const LOOKS = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 720 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 720 } },
  { name: "phone", colorScheme: "dark", viewport: { width: 390, height: 800 } },
] as const;

/** One of them. */
export type Look = typeof LOOKS[number];

/** Words by which two torrents of the list are known: one with trackers and files, and one whose files are to be chosen. */
export interface Shown {
  readonly shown: string;
  readonly unchosen: string;
}

const TABS = ["overview", "files", "peers", "trackers", "options"] as const;
/** Questions about what is chosen: keys of the list, and what their dialogs are. */
const QUESTIONS = [
  ["Delete", "remove"],
  ["l", "labels"],
  ["F2", "rename"],
  ["m", "move"],
] as const;

/** Has the page look so. */
export async function wear({ page }: Visitor, { colorScheme, viewport }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  // or what is under it looks different
  await page.mouse.move(0, 0);
}

/**
 * Parts of the page that reach beyond the window, or hold more than shows from side to side. What is drawn anew by its size has
 * some frames for that.
 */
export function tooWide({ page }: Visitor): Promise<string[]> {
  // as text, because it is for the browser and its types are not here
  return page.evaluate<string[]>(`(async () => {
    const parts = "html, #app, header, main, footer, dialog, .grid, .details, .files, [role=tabpanel], " +
      ".menu[open] div, .login";
    const find = () => [...document.querySelectorAll(parts)].filter((part) => {
      if (!part.checkVisibility({ visibilityProperty: true })) return false;
      const { left, right } = part.getBoundingClientRect();
      return left < 0 || right > innerWidth || part.scrollWidth > part.clientWidth;
    }).map((part) => part.outerHTML.slice(0, 100));
    let found = find();
    for (let frame = 0; frame < 60 && found.length > 0; frame++) {
      await new Promise(requestAnimationFrame);
      found = find();
    }
    return found;
  })()`);
}

/**
 * Goes through every view of a list with torrents, on a page that speaks `words`; its name, when the page shows it. Leaves the
 * list as it was.
 */
export async function* tour(
  visitor: Visitor,
  look: Look,
  { shown, unchosen }: Shown,
  words: Words = EN,
): AsyncGenerator<string> {
  const { page } = visitor;
  const isPhone = look.name === "phone";
  const dialog = page.getByRole("dialog");
  const ready = async () => {
    await page.getByText(words.loading).waitFor({ state: "detached" });
    await page.mouse.move(0, 0);
  };
  const dismiss = async () => {
    await page.keyboard.press("Escape");
    await visitor.closed();
  };
  const details = async (name: string) => {
    const row = visitor.row(name);
    await (isPhone ? row.click() : row.dblclick());
  };
  yield "list";

  await visitor.row(shown).locator(".c-mark").click();
  const menu = page.locator(".menu summary");
  await menu.click();
  await page.mouse.move(0, 0);
  yield "menu";
  await menu.press("Escape");
  await page.getByRole("grid").focus();
  for (const [key, view] of QUESTIONS) {
    await page.keyboard.press(key);
    await dialog.waitFor();
    yield view;
    await dismiss();
  }
  await page.getByRole("grid").press("Escape");

  await page.keyboard.press("?");
  await dialog.waitFor();
  yield "keys";
  await dismiss();
  await visitor.press(words.stats.title);
  await page.getByRole("row", { name: words.stats.downloaded }).waitFor();
  yield "stats";
  await dismiss();
  await visitor.press(words.settings);
  await dialog.getByRole("heading", { name: words.sandbox.parts.main }).waitFor();
  await ready();
  yield "session";
  await dialog.getByText(words.sections.sandbox).scrollIntoViewIfNeeded();
  await dialog.getByRole("button", { name: words.save }).scrollIntoViewIfNeeded();
  yield "sandbox";
  await dismiss();
  await page.getByRole("banner").getByRole("button", { name: words.add }).click();
  await dialog.waitFor();
  yield "add";
  await dismiss();

  await details(shown);
  for (const tab of TABS) {
    await page.getByRole("tab", { name: words.tabs[tab] }).click();
    await ready();
    yield tab;
    if (tab !== "trackers") continue;
    await visitor.press(words.trackers.edit);
    await dialog.waitFor();
    yield "edit-trackers";
    await dismiss();
  }
  await page.getByRole("tab", { name: words.tabs.overview }).click();
  await visitor.press(words.close);

  await details(unchosen);
  await dialog.getByRole("button", { name: words.choosing.none }).waitFor();
  await page.mouse.move(0, 0);
  yield "choose";
  await dismiss();
  await visitor.press(words.close);
  await page.getByRole("grid").press("Escape");
}
