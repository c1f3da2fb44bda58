import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent } from "../e2e/harness/torrent.ts";
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
