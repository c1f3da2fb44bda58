/** Every view of the page, one after another. */
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

const TABS = ["Overview", "Files", "Peers", "Trackers", "Options"] as const;
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

/** Goes through every view of a list with torrents; its name, when the page shows it. Leaves the list as it was. */
export async function* tour(
  visitor: Visitor,
  look: Look,
  { shown, unchosen }: Shown,
): AsyncGenerator<string> {
  const { page } = visitor;
  const isPhone = look.name === "phone";
  const dialog = page.getByRole("dialog");
  const ready = async () => {
    await page.getByText("Loading …").waitFor({ state: "detached" });
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
  await visitor.press("Statistics");
  await page.getByRole("row", { name: /^Downloaded/ }).waitFor();
  yield "stats";
  await dismiss();
  await visitor.press("Settings");
  await dialog.getByRole("heading", { name: "Main thread" }).waitFor();
  await ready();
  yield "session";
  await dialog.getByText("What this process may touch").scrollIntoViewIfNeeded();
  await dialog.getByRole("button", { name: "Save" }).scrollIntoViewIfNeeded();
  yield "sandbox";
  await dismiss();
  await page.getByRole("banner").getByRole("button", { name: "Add" }).click();
  await dialog.waitFor();
  yield "add";
  await dismiss();

  await details(shown);
  for (const tab of TABS) {
    await page.getByRole("tab", { name: tab }).click();
    await ready();
    yield tab.toLowerCase();
    if (tab !== "Trackers") continue;
    await visitor.press("Edit the trackers …");
    await dialog.waitFor();
    yield "edit-trackers";
    await dismiss();
  }
  await page.getByRole("tab", { name: "Overview" }).click();
  await visitor.press("Close");

  await details(unchosen);
  await dialog.getByText(/ files: /).waitFor();
  await page.mouse.move(0, 0);
  yield "choose";
  await dismiss();
  await visitor.press("Close");
  await page.getByRole("grid").press("Escape");
}
