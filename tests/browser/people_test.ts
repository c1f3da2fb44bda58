/** The page without a mouse, and without eyes. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { browserTest, daemon, exists, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** Goes on with Tab until what has the focus says so; a dozen and a half steps at most. */
async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < 18; step++) {
    await page.keyboard.press("Tab");
    const focused = await nameOfFocus(page);
    if (focused === name) return;
    seen.push(focused);
  }
  throw new Error(`Expected Tab to come to ${name}, got ${seen.join(", ")}`);
}

function nameOfFocus(page: Page): Promise<string> {
  // as text, because it is for the browser and its types are not here
  return page.evaluate<string>(`(() => {
    const focused = document.activeElement;
    return focused?.getAttribute("aria-label") ?? focused?.labels?.[0]?.textContent ??
      focused?.textContent ?? "";
  })()`);
}

browserTest("everything by the keyboard alone, and what happens is announced", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 2_000_000, name: "debian" });
  const link = await linkTo(scene, torrent);
  const { tm, place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const { keyboard } = page;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await keyboard.press("Tab");
  assertEquals(await nameOfFocus(page), "Skip to the list", "first of all");
  await tabTo(page, "Add");
  await keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Add torrents" }).waitFor();
  await keyboard.press("Escape");
  await visitor.closed();
  assertEquals(await nameOfFocus(page), "Add", "the focus is back where it was");
  await keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await keyboard.type(link);
  await tabTo(page, "Do not start yet");
  await keyboard.press("Space");
  await tabTo(page, "Add");
  await keyboard.press("Enter");
  await visitor.row("Stopped").waitFor();
  const grid = page.getByRole("grid", { name: "Torrents" });
  assertEquals(await grid.getAttribute("aria-rowcount"), "2");
  await tabTo(page, "Torrents");
  await keyboard.press("ArrowDown");
  const active = await grid.getAttribute("aria-activedescendant");
  assertEquals(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
  assertEquals(await page.locator(`#${active}`).getAttribute("aria-rowindex"), "2");
  await keyboard.press("r");
  // a live region, which a screen reader reads out by itself
  await page.getByRole("status").filter({ hasText: "Complete: debian" }).waitFor();
  await visitor.row("debian").filter({ hasText: "Seeding" }).waitFor();
  await keyboard.press("p");
  await visitor.row("debian").filter({ hasText: /Stopped|Finished/ }).waitFor();
  await keyboard.press("Enter");
  const details = page.getByRole("region", { name: "Details" });
  await details.waitFor();
  await tabTo(page, "Overview");
  await keyboard.press("ArrowRight");
  assertEquals(await nameOfFocus(page), "Files");
  await page.getByLabel("Download debian").waitFor();
  await keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  assertEquals(await nameOfFocus(page), "Torrents", "back in the list");
  await keyboard.press("Delete");
  await page.getByRole("dialog", { name: "Remove this torrent?" }).waitFor();
  await tabTo(page, "Remove");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  assertEquals(await exists(scene.path("data/debian")), true, "its file stays");
  tm.signal("SIGTERM");
  await page.getByRole("alert").filter({ hasText: "The connection is lost" }).waitFor();
  assertEquals(visitor.complaints, []);
});
