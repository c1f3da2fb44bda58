import { assert, assertEquals } from "@std/assert";
import { row } from "../control/web/rows.ts";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
import { FakeManager } from "./fake_manager.ts";
import { browserTest, daemon, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest("the settings show what the process may touch, and what its health is", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.press("Settings");
  const sandbox = page.getByRole("group", { name: "What this process may touch" });
  await sandbox.getByText(scene.path("data")).first().waitFor();
  const text = (await sandbox.innerText()).replaceAll(/\s+/g, " ");
  // nothing can be run, and the thread that speaks to the page has no files
  assertEquals(text.match(/run programs none/g)?.length, 2);
  assertEquals(/Main thread.* read none write none/.test(text), true, text);
  const health = page.getByRole("group", { name: "Health" });
  await health.getByText(/Port for peers: \d+/).waitFor();
  await health.getByRole("button", { name: "Look for problems" }).click();
  await health.getByRole("listitem").first().waitFor();
  assertEquals(await visitor.violations(), []);
  assertEquals(visitor.complaints, []);
});

browserTest(
  "what saves is in reach of long settings, and covers nothing that has the keyboard",
  async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await page.setViewportSize({ width: 900, height: 500 });
    await visitor.press("Settings");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("group", { name: "Network" }).waitFor();
    const save = dialog.getByRole("button", { name: "Save" });
    const seen = new Set<string>();
    const covered: string[] = [];
    for (let step = 0; step < 200; step++) {
      const box = await save.boundingBox();
      assert(box !== null && box.y > 0 && box.y + box.height <= 500, "it is in the window");
      const [id, name, isCovered] = await page.evaluate<[string, string, boolean]>(`(() => {
      const field = document.activeElement;
      field.dataset.step ??= String(${step});
      const { bottom } = field.getBoundingClientRect();
      const foot = document.querySelector("dialog .foot");
      const hidden = !foot.contains(field) && bottom > foot.getBoundingClientRect().top + 1;
      return [field.dataset.step, field.outerHTML.slice(0, 80), field.closest("dialog form") !== null && hidden];
    })()`);
      if (isCovered) covered.push(name);
      if (seen.has(id)) break;
      seen.add(id);
      await page.keyboard.press("Tab");
    }
    assert(seen.size > 30, `went through ${seen.size}`);
    assertEquals(covered, []);
    assertEquals(visitor.complaints, []);
  },
);

browserTest(
  "a page whose manager was replaced by another version says so, and is loaded anew",
  async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    await using manager = new FakeManager(place, {}, [row(1)]);
    await using visitor = await Visitor.open(manager.place);
    const { page } = visitor;
    await visitor.row("torrent 1").waitFor();
    const notice = page.getByText("this page is still the old one");
    manager.upgrade("1.0.0");
    await page.getByText("The connection is back.").waitFor();
    assertEquals(await notice.isVisible(), false, "the same one");
    manager.upgrade("1.1.0");
    await notice.waitFor();
    assertEquals(await visitor.violations(), []);
    await visitor.press("Reload");
    await visitor.row("torrent 1").waitFor();
    await notice.waitFor({ state: "detached" });
  },
);

browserTest("switches of what the manager was started without are off, and say why", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene, 0, "--no-utp");
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.press("Settings");
  const network = page.getByRole("group", { name: "Network" });
  for (
    const [words, option] of [
      ["Find peers by the DHT", "--no-dht"],
      ["Find peers in the local network", "--no-lsd"],
      ["Connect over UDP too", "--no-utp"],
    ] as const
  ) {
    const box = network.getByLabel(words);
    assertEquals([await box.isChecked(), await box.isDisabled()], [false, true], words);
    await network.locator("label").filter({ hasText: words }).getByText(`Started with ${option}`)
      .waitFor();
  }
  assertEquals(await network.getByLabel("Learn peers from peers").isEnabled(), true);
  assertEquals(await network.getByLabel("Ask the router").isEnabled(), true);
  assertEquals(await visitor.violations(), []);
  assertEquals(visitor.complaints, []);
});

browserTest("the statistics draw the rates of all torrents and sum up what was sent", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 3_000_000, name: "debian" });
  const link = await linkTo(scene, torrent);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.typeLink(link);
  await visitor.press("Add");
  await visitor.row("debian").filter({ hasText: "100%" }).waitFor();
  await visitor.press("Statistics");
  await page.getByRole("img", { name: "Rates of ten minutes" }).waitFor();
  await page.getByRole("row", { name: /^Downloaded 3\.\d+ MB/ }).waitFor();
  assertEquals(await visitor.violations(), []);
  // its pictures are drawn by a script whose policy forbids style in the markup
  assertEquals(visitor.complaints, []);
});
