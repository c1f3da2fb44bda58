import { assert, assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { browserTest, daemon, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest(
  "keys open what they say, not while something is typed, and give the focus back",
  async () => {
    await using scene = await Scene.open();
    const torrent = await makeTorrent({ content: 200_000, name: "debian" });
    await scene.data(torrent, "data");
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    const closed = async () => {
      await page.keyboard.press("Escape");
      await visitor.closed();
    };
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await page.keyboard.press("a");
    await page.getByLabel("Magnet link").waitFor();
    await page.keyboard.type("a/?");
    assertEquals(await page.getByLabel("Magnet link").inputValue(), "a/?");
    await closed();
    await visitor.drop("debian.torrent", torrent.bytes);
    await visitor.press("Add");
    await visitor.row("debian").filter({ hasText: "Seeding" }).waitFor();
    const grid = page.getByRole("grid");
    await grid.focus();
    await page.keyboard.press("ArrowDown");
    const questions = [["F2", "Rename"], ["l", "Labels"], ["m", "Move the data"], ["?", "Keys"]];
    for (const [key = "", title = ""] of questions) {
      await page.keyboard.press(key);
      await page.getByRole("dialog", { name: title }).waitFor();
      if (key === "?") assertEquals(await visitor.violations(), []);
      await closed();
      assert(await grid.evaluate((list) => list.matches(":focus")), `after ${title}`);
    }
    // by its button as well
    await page.keyboard.press("l");
    await page.getByRole("dialog", { name: "Labels" }).waitFor();
    await visitor.press("Cancel");
    await visitor.closed();
    assert(await grid.evaluate((list) => list.matches(":focus")), "after Cancel");
    await page.keyboard.press("Delete");
    await page.getByRole("dialog", { name: "Remove this torrent?" }).waitFor();
    await closed();
    await page.keyboard.press("/");
    await page.keyboard.type("nothing like it");
    await page.getByText("No torrent fits").waitFor();
    assertEquals(visitor.complaints, []);
  },
);

browserTest("what the flags of a peer mean is said", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 8_000_000, name: "debian" });
  // it lasts as long as the test
  const slow = ["--max-upload-limit", "50K"];
  const link = await linkTo(scene, torrent, ...slow);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await page.keyboard.press("a");
  await page.getByLabel("Magnet link").fill(link);
  await visitor.press("Add");
  await visitor.row("debian").dblclick();
  await page.getByRole("tab", { name: "Peers" }).click();
  await page.getByRole("cell", { name: "we get from it" }).waitFor();
  await page.getByText("What the flags mean").click();
  await page.getByRole("definition").filter({ hasText: "we get from it" }).waitFor();
  assertEquals(await visitor.violations(), []);
  assertEquals(visitor.complaints, []);
});
