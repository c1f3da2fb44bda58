/** The page for who needs large targets, a focus that shows, large print, or colours of their own. */
import { assert, assertEquals } from "@std/assert";
import type { BrowserContextOptions, Page } from "playwright-core";
import { row } from "../control/web/rows.ts";
import { Scene } from "../e2e/harness/scene.ts";
import { FakeManager, torrentOf } from "./fake_manager.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** A visitor of a manager of forty torrents, the first of which has everything. */
async function visit(
  options: BrowserContextOptions,
  fn: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const one = torrentOf((where) => `${where} of a torrent`);
  const others = Array.from({ length: 40 }, (_, at) => row(at + 2, { progress: at / 40 }));
  const answers = { "torrent-get": { torrents: [one.torrent] } };
  await using manager = new FakeManager(place, answers, [...others, one.row]);
  await using visitor = await Visitor.open(manager.place, options);
  await visitor.page.getByRole("grid").waitFor();
  await fn(visitor);
  assertEquals(visitor.complaints, []);
}

/** Opens details, each tab and each question in turn. */
async function everywhere(visitor: Visitor, fn: (where: string) => Promise<void>): Promise<void> {
  const { page } = visitor;
  await fn("the list");
  const search = page.getByLabel("Search names and labels");
  await search.fill("name of a torrent");
  await visitor.row("name of a torrent").click();
  if (await page.getByRole("tab").count() === 0) await page.keyboard.press("Enter");
  for (const tab of ["Overview", "Files", "Peers", "Trackers", "Options"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel", { name: tab }).getByText("Loading …").waitFor({
      state: "detached",
    });
    await fn(tab);
  }
  await visitor.press("Close");
  await page.getByRole("grid").focus();
  for (const key of ["F2", "l", "m", "Delete", "?", "a"]) {
    await page.keyboard.press(key);
    await page.getByRole("dialog").waitFor();
    await fn(`after ${key}`);
    await page.keyboard.press("Escape");
    await visitor.closed();
  }
  await search.fill("");
}

/** Targets of less than 24 by 24 pixels; what is ticked by its words is as large as they are. */
function smallTargets(page: Page): Promise<string[]> {
  // as text, because it is for the browser and its types are not here
  return page.evaluate<string[]>(`(() => {
    const all = document.querySelectorAll("button, summary, select, input, textarea, a[href]");
    return [...all].flatMap((each) => {
      if (!each.checkVisibility({ visibilityProperty: true })) return [];
      const box = each.type === "checkbox" ? each.closest("label, .c-mark") ?? each : each;
      const { width, height, right } = box.getBoundingClientRect();
      // what shows only when it has the keyboard stands beside the page
      const isSmall = right > 0 && (width < 24 || height < 24);
      return isSmall ? [each.outerHTML.slice(0, 99) + ": " + width + " x " + height] : [];
    });
  })()`);
}

for (
  const [device, viewport] of [["wide", { width: 1280, height: 720 }], ["phone", {
    width: 390,
    height: 844,
  }]] as const
) {
  browserTest(
    `${device}: every target is 24 pixels high and wide`,
    () =>
      visit({ viewport }, async (visitor) => {
        await everywhere(visitor, async (where) => {
          assertEquals(await smallTargets(visitor.page), [], where);
        });
      }),
  );
}

/** Goes through all that can have the keyboard, from the first on; how many there are. */
async function walkFocus(page: Page): Promise<number> {
  // where nothing has it
  await page.evaluate("document.activeElement.blur()");
  await page.mouse.click(2, 2);
  for (let step = 0; step < 90; step++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate<string>(`(() => {
      const at = document.activeElement;
      if (at === document.body) return "end";
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      const { left, top, width, height } = at.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2);
      const isOver = at.contains(there) || there?.contains(at);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && isOver
        ? "shows" : at.outerHTML.slice(0, 99);
    })()`);
    if (seen === "end") return step;
    assertEquals(seen, "shows");
  }
  throw new Error("Expected an end of what can have the keyboard");
}

browserTest(
  "whatever has the keyboard shows it, and is not covered",
  () =>
    visit({}, async (visitor) => {
      const { page } = visitor;
      assert(await walkFocus(page) > 15, "the bar, the heads of the columns, the list");
      await visitor.row("torrent 41").click();
      await page.keyboard.press("Enter");
      const parts = [["Files", "checkbox"], ["Trackers", "table"], [
        "Options",
        "spinbutton",
      ]] as const;
      for (const [tab, part] of parts) {
        await page.getByRole("tab", { name: tab }).click();
        const panel = page.getByRole("tabpanel", { name: tab });
        await panel.getByRole(part).first().waitFor();
        await walkFocus(page);
      }
    }),
);

for (
  const [zoom, viewport] of [[200, { width: 640, height: 360 }], [400, {
    width: 320,
    height: 256,
  }]] as const
) {
  browserTest(
    `at ${zoom} % everything is there without scrolling sideways`,
    () =>
      visit({ viewport }, async (visitor) => {
        const { page } = visitor;
        const grid = page.getByRole("grid");
        await everywhere(visitor, async (where) => {
          const over = await page.evaluate<string[]>(`(() =>
          [document.documentElement, ...document.querySelectorAll("dialog, .details, header")]
            .filter((each) => each.scrollWidth > each.clientWidth)
            .map((each) => each.tagName + " " + each.scrollWidth + " > " + each.clientWidth)
        )()`);
          assertEquals(over, [], where);
        });
        // two rows at least
        assert(await grid.evaluate((list) => list.clientHeight) >= 152);
        await visitor.row("torrent 41").scrollIntoViewIfNeeded();
        await visitor.row("torrent 41").click();
        await page.getByRole("region", { name: "Details" }).waitFor();
      }),
  );
}

browserTest(
  "on a phone the keyboard does not go behind the details",
  () =>
    visit({ viewport: { width: 390, height: 844 } }, async (visitor) => {
      const { page } = visitor;
      await visitor.row("torrent 41").click();
      await page.locator(".details h2:focus").waitFor();
      assertEquals(await page.getByRole("grid").count(), 0, "it is out of reach");
      for (let step = 0; step < 12; step++) {
        await page.keyboard.press("Tab");
        const isBehind = "document.activeElement.closest('header, .grid') !== null";
        assertEquals(await page.evaluate(isBehind), false);
      }
      await page.getByRole("tab", { name: "Overview" }).focus();
      await page.keyboard.press("Escape");
      await page.locator("[role=grid]:focus").waitFor();
    }),
);

browserTest(
  "in the colours of the system what is chosen shows, and how far things are",
  () =>
    visit({ forcedColors: "active" }, async (visitor) => {
      const { page } = visitor;
      const style = (selector: string, property: string) =>
        page.evaluate<string>(
          `getComputedStyle(document.querySelector("${selector}")).${property}`,
        );
      await visitor.row("torrent 41").click();
      await page.keyboard.press("Enter");
      await page.getByRole("tab", { selected: true }).waitFor();
      for (
        const [one, other, property] of [
          [".rows .chosen", ".rows .row:not(.chosen)", "backgroundColor"],
          [
            "[role=tab][aria-selected=true]",
            "[role=tab][aria-selected=false]",
            "borderBottomColor",
          ],
          [".primary", "button:not(.primary)", "backgroundColor"],
          [".c-progress progress", ".rows .row:not(.chosen)", "forcedColorAdjust"],
        ] as const
      ) {
        const [a, b] = [await style(one, property), await style(other, property)];
        assert(a !== b, `${one} ${a}, ${other} ${b}`);
      }
      assertEquals(await visitor.violations(), []);
    }),
);

browserTest(
  "nothing moves for who wants no motion",
  () =>
    visit({ reducedMotion: "reduce" }, async (visitor) => {
      await everywhere(visitor, async (where) => {
        assertEquals(await visitor.page.evaluate("document.getAnimations().length"), 0, where);
      });
    }),
);
