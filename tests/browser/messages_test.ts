/** What the page tells those who do not look at it: each thing once, and nothing that changes all the time. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { browserTest, daemon, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** Notes from now on what a screen reader is told: texts that come into a live region. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  // as text, because it is for the browser and its types are not here
  await page.evaluate(`{
    globalThis.heard = [];
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        const at = target instanceof Element ? target : target.parentElement;
        if (at?.closest("[role=status], [role=alert], [aria-live]") == null) continue;
        const texts = type === "characterData" ? [target] : [...addedNodes];
        heard.push(...texts.map((node) => node.textContent).filter((text) => text !== ""));
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  }`);
  return () => page.evaluate<string[]>("heard.splice(0)");
}

/**
 * Opens the page of `place` with the time of news in the test's hands: what is returned lets it pass. Other times go on
 * as they do.
 */
async function openWithHeldTime(place: string): Promise<[Visitor, () => Promise<void>]> {
  const visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.addInitScript(`{
    const { setTimeout, clearTimeout } = globalThis;
    const held = new Map();
    let last = 0;
    globalThis.setTimeout = (fn, ms, ...rest) => {
      if (!(ms > 5_000 && ms < 15_000)) return setTimeout(fn, ms, ...rest);
      held.set(--last, fn);
      return last;
    };
    globalThis.clearTimeout = (id) => held.delete(id) || clearTimeout(id);
    globalThis.passTime = () => {
      const due = [...held.values()];
      held.clear();
      for (const fn of due) fn();
    };
  }`);
  await page.reload();
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  return [visitor, () => page.evaluate("passTime()")];
}

/** Another setting each time, so that there is something to save. */
async function save(visitor: Visitor, limit: number): Promise<void> {
  const { page } = visitor;
  await visitor.press("Settings");
  await page.getByLabel("Downloads at a time").last().fill(String(limit));
  await visitor.press("Save");
  await visitor.closed();
}

browserTest("news is announced each time, stays while it is pointed at, then goes", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const [opened, passTime] = await openWithHeldTime(place);
  await using visitor = opened;
  const { page } = visitor;
  const news = page.getByRole("contentinfo").getByText("Saved.");
  const heard = await listen(page);
  await save(visitor, 3);
  await news.waitFor();
  assertEquals((await heard()).at(-1), "Saved.");
  await save(visitor, 4);
  await news.waitFor();
  assertEquals((await heard()).at(-1), "Saved.", "the same again");
  await news.hover();
  await passTime();
  assertEquals(await news.count(), 1);
  await page.mouse.move(0, 0);
  await passTime();
  await news.waitFor({ state: "detached" });
  // who has the keyboard there reads it, too
  await save(visitor, 5);
  await page.getByRole("button", { name: "Dismiss this message" }).focus();
  await passTime();
  assertEquals(await news.count(), 1);
  await page.keyboard.press("Enter");
  await news.waitFor({ state: "detached" });
  assertEquals(visitor.complaints, []);
});

browserTest("what went wrong stays until it is dismissed, and is told again", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const [opened, passTime] = await openWithHeldTime(place);
  await using visitor = opened;
  const { page } = visitor;
  await listen(page);
  await page.route("**/transmission/rpc", (route) => route.fulfill({ json: { result: "no" } }));
  const wrong = page.getByRole("alert").filter({ hasText: "That did not work: no" });
  await visitor.press("Slow mode");
  await wrong.waitFor();
  await visitor.press("Slow mode");
  await page.evaluate(`new Promise((resolve) => {
    const look = () => heard.length > 0 ? resolve() : requestAnimationFrame(look);
    look();
  })`);
  assertEquals(await wrong.locator("p").count(), 1, "not in a heap");
  await passTime();
  await wrong.waitFor();
  assertEquals(await visitor.violations(), []);
  await visitor.press("Dismiss this message");
  await wrong.waitFor({ state: "hidden" });
  // what was wrong in a question is told there, and is over with it
  await visitor.typeLink("nothing");
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await page.getByRole("dialog").getByRole("alert").filter({ hasText: "no" }).waitFor();
  await page.keyboard.press("Escape");
  await visitor.closed();
  await wrong.waitFor({ state: "hidden" });
  assertEquals(visitor.complaints, []);
});

browserTest("progress is not announced", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 8_000_000, name: "debian" });
  const link = await linkTo(scene, torrent, "--max-upload-limit", "400K");
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.typeLink(link);
  await visitor.press("Add");
  await visitor.closed();
  const row = visitor.row("debian").filter({ hasText: "Downloading" });
  await row.dblclick();
  await page.getByRole("img", { name: "Map of the pieces" }).waitFor();
  const heard = await listen(page);
  for (let change = 0; change < 3; change++) {
    const before = await row.locator(".c-progress").textContent() ?? "";
    await row.filter({ hasNotText: before }).waitFor();
  }
  assertEquals(await heard(), []);
  assertEquals(visitor.complaints, []);
});
