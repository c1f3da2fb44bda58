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
