import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { encode } from "../../src/bencode/mod.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** Markup that would show itself by the window's title, and marks that turn letters round. */
const EVIL = `<img src=x onerror="document.title='gone'">\u202egpj.exe`;
const TAMED = `<img src=x onerror="document.title='gone'">\ufffdgpj.exe`;

/** As the name of a file, on the disk too. */
const NAMED = `<img src=x onerror="document.title='gone'">_gpj.exe`;

/** The same in what a tracker says. */
function hostileTracker(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(new Uint8Array(encode({ "failure reason": EVIL }))),
  );
}

browserTest("whatever a stranger wrote is text wherever it shows", async () => {
  await using scene = await Scene.open();
  await using tracker = hostileTracker();
  const torrent = await makeTorrent({
    name: EVIL,
    content: [[[`${EVIL}.folder`, `${EVIL}.file`], noise(100_000, 1)]],
    trackers: [`http://127.0.0.1:${tracker.addr.port}/announce`],
    beside: { comment: `comment ${EVIL}`, "created by": `maker ${EVIL}` },
  });
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.drop("evil.torrent", torrent.bytes);
  await visitor.press("Add");
  await visitor.row(NAMED).dblclick();
  const panel = page.getByRole("tabpanel");
  await panel.getByText(`comment ${TAMED}`).waitFor();
  await panel.getByText(`maker ${TAMED}`).waitFor();
  const tab = (word: string) => page.getByRole("tab", { name: word }).click();
  await tab("Files");
  await panel.getByText(`${NAMED}.folder`).waitFor();
  await panel.getByRole("button", { name: `Open or close ${NAMED}.folder` }).click();
  await panel.getByText(`${NAMED}.file`).waitFor();
  await tab("Trackers");
  // who takes the answer apart may have taken the mark out already
  const failure = panel.getByText(/<img src=x onerror=.*gpj\.exe/);
  await failure.waitFor();
  assertEquals((await failure.textContent())?.includes("\u202e"), false);
  await tab("Options");
  await page.getByLabel("Labels, with commas between").fill(EVIL);
  // what is left is saved
  await page.keyboard.press("Tab");
  await visitor.row(NAMED).locator(".label", { hasText: TAMED }).waitFor({ state: "attached" });
  assertEquals(await visitor.violations(), []);
  await visitor.press("Close");
  await visitor.press("Remove …");
  await page.getByRole("dialog").getByText(NAMED).waitFor();
  assertEquals(await page.locator("img, svg, iframe, script:not([src])").count(), 0);
  assertEquals((await page.title()).endsWith("TorrentManager"), true);
  assertEquals(visitor.complaints, []);
});
