import { assert, assertEquals } from "@std/assert";
import type { Locator } from "playwright-core";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise, type TestTorrent } from "../e2e/harness/torrent.ts";
import { FakeManager, torrentOf } from "./fake_manager.ts";
import { browserTest, daemon, exists } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** Two torrents that are complete. */
async function twoTorrents(scene: Scene): Promise<readonly [TestTorrent, TestTorrent]> {
  const [one, two] = await Promise.all(["one", "two"].map((name, seed) =>
    makeTorrent({
      name,
      content: [[["a.bin"], noise(70_000, seed)], [["b.bin"], noise(9_000, seed)]],
    })
  ));
  if (one === undefined || two === undefined) throw new Error("Expected two");
  for (const torrent of [one, two]) await scene.data(torrent, "data");
  return [one, two];
}

async function add(visitor: Visitor, ...torrents: readonly TestTorrent[]): Promise<void> {
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  for (const { name, bytes } of torrents) {
    await visitor.drop(`${name}.torrent`, bytes);
    await page.getByRole("listitem").filter({ hasText: `${name}.torrent` }).waitFor();
  }
  await visitor.press("Add");
  await visitor.closed();
  for (const { name } of torrents) {
    await visitor.row(name).filter({ hasText: "Seeding" }).waitFor();
  }
}

/** A field says so once what was changed a moment ago is known: it is asked for again and again. */
async function comesTo(field: Locator, value: string): Promise<void> {
  for (let told = 0; told < 20 && await field.inputValue() !== value; told++) {
    await field.page().waitForResponse((response) => response.url().endsWith("/transmission/rpc"));
  }
  assertEquals(await field.inputValue(), value);
}

browserTest("labels of many torrents, by the keyboard alone", async () => {
  await using scene = await Scene.open();
  const torrents = await twoTorrents(scene);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await add(visitor, ...torrents);
  const menu = async (word: string) => {
    await page.getByText("More", { exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: word }).focus();
    await page.keyboard.press("Enter");
  };
  await page.getByRole("grid").focus();
  await page.keyboard.press("Control+a");
  await page.getByRole("status").filter({ hasText: "2 selected" }).waitFor({ state: "attached" });
  await menu("Labels …");
  await page.getByRole("dialog", { name: "Labels of 2 torrents" }).waitFor();
  await page.keyboard.type("iso, linux");
  assertEquals(await visitor.violations(), []);
  await page.keyboard.press("Enter");
  await visitor.closed();
  for (const name of ["one", "two"]) {
    await visitor.row(name).filter({ hasText: "iso" }).filter({ hasText: "linux" }).waitFor();
  }
  // of one of them
  await page.getByRole("grid").focus();
  await page.keyboard.press("Home");
  await menu("Labels …");
  await page.getByRole("dialog", { name: "Labels" }).getByLabel("iso").focus();
  await page.keyboard.press("Space");
  await visitor.press("Save");
  await visitor.closed();
  await page.getByLabel("Show", { exact: true }).selectOption("Label iso");
  await page.getByText("1 of 2 torrents").waitFor();
  assertEquals(visitor.complaints, []);
});

browserTest("trackers are edited, names changed, data moved and checked", async () => {
  await using scene = await Scene.open();
  const [one] = await twoTorrents(scene);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await add(visitor, one);
  await visitor.row("one").dblclick();

  await page.getByRole("tab", { name: "Trackers" }).click();
  await visitor.press("Edit the trackers …");
  const url = "http://tracker.example/announce";
  await page.getByLabel("Addresses, one a line").fill(`${url}\n\nnonsense`);
  await visitor.press("Save");
  // the message is the manager's, said where the keyboard is
  await page.getByRole("dialog").getByRole("alert").filter({
    hasText: /did not work.*begins with http/,
  })
    .waitFor();
  await page.getByLabel("Addresses, one a line").fill(url);
  assertEquals(await visitor.violations(), []);
  await visitor.press("Save");
  await page.getByRole("cell", { name: url }).waitFor();

  await page.getByRole("tab", { name: "Files" }).click();
  await visitor.press("Rename a.bin");
  await page.getByLabel("New name").fill("<b>new</b>.bin");
  assertEquals(await visitor.violations(), []);
  await page.keyboard.press("Escape");
  await visitor.closed();
  await page.getByRole("tabpanel", { name: "Files" }).waitFor();
  await visitor.press("Rename a.bin");
  await page.getByLabel("New name").fill("new.bin");
  await page.keyboard.press("Enter");
  await page.getByLabel("Download new.bin").waitFor();
  assertEquals(await exists(scene.path("data/one/new.bin")), true);

  await visitor.row("one").first().click();
  await page.getByText("More", { exact: true }).click();
  await visitor.press("Rename …");
  await page.getByLabel("New name").fill("first");
  await page.keyboard.press("Enter");
  await visitor.row("first").first().waitFor();

  await page.getByText("More", { exact: true }).click();
  await visitor.press("Move the data …");
  assertEquals(await visitor.violations(), []);
  await page.getByLabel("New folder").fill("elsewhere");
  await visitor.press("Move");
  await visitor.closed();
  await page.getByRole("tab", { name: "Overview" }).click();
  await page.getByText(`${scene.path("data")}/elsewhere`).waitFor();
  assertEquals(await exists(scene.path("data/elsewhere/first/new.bin")), true);

  await page.getByText("More", { exact: true }).click();
  await visitor.press("Check the data on disk");
  await visitor.row("first").filter({ hasText: /Seeding.*100%/ }).waitFor();
  assertEquals(visitor.complaints, []);
});

browserTest("options of a torrent hold at once, and what is being typed stays", async () => {
  await using scene = await Scene.open();
  const torrents = await twoTorrents(scene);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await add(visitor, ...torrents);
  await visitor.row("two").dblclick();
  await page.getByRole("tab", { name: "Options" }).click();
  const place_ = page.getByLabel("Place in the queue");
  await place_.waitFor();
  assertEquals(await visitor.violations(), []);
  // it is asked for again every two seconds, which must not take away what is half typed
  await place_.focus();
  await place_.fill("1");
  for (let told = 0; told < 2; told++) {
    await page.waitForResponse((response) => response.url().endsWith("/transmission/rpc"));
  }
  assertEquals(await place_.inputValue(), "1");
  await page.keyboard.press("Tab");
  const idle = page.getByRole("group", { name: "Seed until idle for, minutes" });
  await idle.getByRole("combobox").selectOption("Its own");
  await idle.getByLabel("Its own", { exact: true }).fill("45");
  await page.keyboard.press("Tab");
  const time = page.getByRole("group", { name: "Seed for, minutes" });
  await time.getByRole("combobox").selectOption("Without end");
  await page.getByLabel("Download at most, MB (0: no end)").fill("250");
  await page.keyboard.press("Tab");
  await page.getByLabel("Its part where limits are shared").selectOption("High");
  // other tabs ask anew
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("tab", { name: "Options" }).click();
  await comesTo(idle.getByLabel("Its own", { exact: true }), "45");
  await comesTo(place_, "1");
  await comesTo(time.getByRole("combobox"), "2");
  await comesTo(page.getByLabel("Download at most, MB (0: no end)"), "250");
  await comesTo(page.getByLabel("Its part where limits are shared"), "1");
  // what cannot hold is not asked for, and does not stand there as if it did
  await place_.fill("-3");
  await page.keyboard.press("Tab");
  await comesTo(place_, "1");
  assert((await visitor.violations()).length === 0);
  assertEquals(visitor.complaints, []);
});

browserTest("trackers that could not be asked for are not saved as none", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const { row, torrent } = torrentOf((where) => `${where} of it`);
  await using manager = new FakeManager(place, { "torrent-get": { torrents: [torrent] } }, [row]);
  await using visitor = await Visitor.open(manager.place);
  const { page } = visitor;
  await visitor.row("name of it").dblclick();
  await page.getByRole("tab", { name: "Trackers" }).click();
  await page.getByRole("table", { name: "Trackers" }).waitFor();
  manager.answers = { "torrent-get": "not now", "torrent-set": "it was called" };
  await visitor.press("Edit the trackers …");
  const dialog = page.getByRole("dialog", { name: "Trackers" });
  await dialog.getByText("not now").waitFor();
  assertEquals(await dialog.getByRole("textbox").isEditable(), false);
  await visitor.press("Save");
  await visitor.closed();
  // one that answers has them, and the keyboard in them
  manager.answers = { "torrent-get": { torrents: [torrent] } };
  await visitor.press("Edit the trackers …");
  await dialog.locator("textarea:focus:read-write").waitFor();
  assertEquals(await dialog.getByRole("textbox").inputValue(), "list of it");
  assertEquals(visitor.complaints, []);
});
