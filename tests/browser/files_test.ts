import { assert, assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

const MANY = 12_000;
/** A line and a half of words, where two lines of them fit. */
const LONG = "a name that is long ".repeat(9);

browserTest(
  "of twelve thousand files in one folder each is reached, found and chosen",
  async () => {
    await using scene = await Scene.open();
    const name = (at: number) => `${String(at).padStart(5, "0")}${at === 7 ? LONG : ""}.bin`;
    const torrent = await makeTorrent({
      name: "show",
      content: Array.from({ length: MANY }, (_, at) => [[name(at)], new Uint8Array([at & 255])]),
    });
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    const { keyboard } = page;
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await visitor.drop("show.torrent", torrent.bytes);
    await page.getByLabel("Choose files first").check();
    await page.getByLabel("Do not start yet").check();
    await visitor.press("Add");
    const dialog = page.getByRole("dialog", { name: "Choose files" });
    await dialog.getByText("12,000 of 12,000 files").waitFor();
    const table = dialog.getByRole("table");
    assertEquals(await table.getAttribute("aria-rowcount"), `${MANY + 2}`);
    assert(await table.getByRole("row").count() < 60, "only those in view are drawn");
    // every line has its height, or those below it would stand elsewhere
    const heights = await page.evaluate<number[]>(
      `[...document.querySelectorAll(".files tbody tr:not([aria-hidden])")].map((line) =>
      line.getBoundingClientRect().height)`,
    );
    assertEquals([...new Set(heights)], [40]);
    // by the keyboard to the last, and up again by one
    await dialog.getByLabel("Download show").focus();
    await keyboard.press("End");
    await dialog.getByLabel("Download 11999.bin").and(page.locator(":focus")).waitFor();
    await keyboard.press("Space");
    await dialog.getByText("11,999 of 12,000 files").waitFor();
    await keyboard.press("ArrowUp");
    await dialog.getByLabel("Download 11998.bin").and(page.locator(":focus")).waitFor();
    // who scrolls away does not lose the place of the keyboard
    await page.evaluate(`document.querySelector(".files").scrollTop = 0`);
    await dialog.getByLabel("Download 00003.bin").waitFor();
    await dialog.getByLabel("Download 11998.bin").and(page.locator(":focus")).waitFor();
    await keyboard.press("PageUp");
    await dialog.getByLabel("Download 11998.bin").and(page.locator(":focus")).waitFor({
      state: "detached",
    });
    await keyboard.press("Home");
    await dialog.getByLabel("Download show").and(page.locator(":focus")).waitFor();
    await keyboard.press("ArrowLeft");
    await dialog.getByRole("row").nth(2).waitFor({ state: "detached" });
    // what is looked for shows in closed folders too
    await dialog.getByRole("searchbox").fill("0420");
    await dialog.getByLabel("Download 04207.bin").waitFor();
    assertEquals(await table.getByRole("row").count(), 1 + 1 + 12, "head, folder and what fits");
    await dialog.getByRole("button", { name: "Choose none" }).click();
    await dialog.getByText("11,987 of 12,000 files").waitFor();
    await dialog.getByRole("searchbox").fill("no such");
    await dialog.getByText("No file fits this search").waitFor();
    await keyboard.press("Escape");
    assertEquals(await dialog.getByRole("searchbox").inputValue(), "", "the search ends, no more");
    await dialog.getByRole("button", { name: "Add", exact: true }).click();
    await visitor.closed();
    // until the list knows of it, there is still something to choose
    await visitor.row("show").filter({ hasText: "Stopped" }).dblclick();
    await page.getByRole("tab", { name: "Files" }).click();
    const search = page.getByRole("tabpanel").getByRole("searchbox");
    await search.fill("04207");
    assertEquals(await page.getByLabel("Download 04207.bin").isChecked(), false);
    assertEquals(visitor.complaints, []);
  },
);
