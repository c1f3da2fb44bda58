import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { browserTest, daemon, exists, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

const CONTENT = [
  [["a.bin"], noise(4 * 65_536, 1)],
  [["sub", "b.bin"], noise(300_000, 2)],
  [["sub", "c.bin"], noise(65_536, 3)],
] as const;

browserTest("the files of a magnet link are chosen before any of them comes", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ name: "show", content: CONTENT });
  const link = await linkTo(scene, torrent);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await visitor.typeLink(link);
  await page.getByLabel("Choose files first").check();
  await visitor.press("Add");
  const dialog = page.getByRole("dialog", { name: "Choose files" });
  await dialog.getByText("3 of 3 files").waitFor();
  assertEquals(await visitor.violations(), []);
  assertEquals(await exists(scene.path("data/show")), false, "nothing came before");
  // by the keyboard
  await dialog.getByRole("button", { name: "Choose none" }).focus();
  await page.keyboard.press("Enter");
  await dialog.getByText("0 of 3 files").waitFor();
  await dialog.getByRole("button", { name: "Open or close sub" }).focus();
  await page.keyboard.press("Space");
  await dialog.getByLabel("Download b.bin").focus();
  await page.keyboard.press("Space");
  await dialog.getByText("1 of 3 files: 300 kB.").waitFor();
  await dialog.getByLabel("Priority: b.bin").selectOption("High");
  await visitor.press("Download");
  await visitor.closed();
  // it counted as complete before, with nothing wanted; the size is that of whole pieces
  await visitor.row("show").filter({ hasText: /Seeding.*100%.*328 kB/ }).waitFor();
  assertEquals(await exists(scene.path("data/show/a.bin")), false);
  assertEquals(await Deno.readFile(scene.path("data/show/sub/b.bin")), CONTENT[1][1]);
  await visitor.row("show").dblclick();
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("button", { name: "Open or close sub" }).click();
  assertEquals(await page.getByLabel("Priority: b.bin").inputValue(), "1");
  assertEquals(await page.getByLabel("Download c.bin").isChecked(), false);
  assertEquals(visitor.complaints, []);
});

browserTest("a link whose page was closed waits for the choice, in every page", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ name: "show", content: CONTENT });
  const link = await linkTo(scene, torrent);
  const { place } = await daemon(scene);
  {
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await visitor.typeLink(link);
    await page.getByLabel("Choose files first").check();
    await visitor.press("Add");
    await page.getByRole("dialog", { name: "Choose files" }).getByText("3 of 3 files").waitFor();
  }
  await using visitor = await Visitor.open(place);
  await visitor.row("show").filter({ hasText: /Choose files.*0%/ }).dblclick();
  assertEquals(await exists(scene.path("data/show")), false, "nothing came before");
  const dialog = visitor.page.getByRole("dialog", { name: "Choose files" });
  await dialog.getByRole("button", { name: "Choose none" }).click();
  await dialog.getByLabel("Download a.bin").check();
  await visitor.press("Download");
  await visitor.row("show").filter({ hasText: /Seeding.*100%/ }).waitFor();
  assertEquals(await Deno.readFile(scene.path("data/show/a.bin")), CONTENT[0][1]);
  assertEquals(visitor.complaints, []);
});

browserTest(
  "a dropped file without a choice waits, and nothing of it comes",
  async () => {
    await using scene = await Scene.open();
    const tracker = scene.start(["tracker", "--listen", "127.0.0.1:0", "--json"]);
    const announce = String((await tracker.event("listening"))["url"]);
    const torrent = await makeTorrent({ name: "show", content: CONTENT, trackers: [announce] });
    await scene.data(torrent, "seed");
    await scene.seed(await scene.torrent(torrent), "seed");
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    const dialog = page.getByRole("dialog", { name: "Choose files" });
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await visitor.drop("show.torrent", torrent.bytes);
    await page.getByLabel("Choose files first").check();
    await visitor.press("Add");
    await dialog.getByText("3 of 3 files").waitFor();
    // behind the question, too
    await page.locator(".c-state").filter({ hasText: "Choose files" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("It waits for your choice of files: show").waitFor();
    await visitor.closed();
    await page.reload();
    await visitor.row("show").filter({ hasText: /Choose files.*0%/ }).waitFor();
    // even if somebody starts it who does not know
    await visitor.row("show").click();
    await visitor.press("Resume");
    await visitor.row("show").filter({ hasText: /Choose files.*0%/ }).waitFor();
    await page.getByRole("grid").focus();
    await page.keyboard.press("Enter");
    await dialog.getByText("3 of 3 files").waitFor();
    assertEquals(await exists(scene.path("data/show")), false, "nothing came before");
    assertEquals(await dialog.getByRole("button", { name: "Do not add" }).count(), 0);
    await dialog.getByRole("button", { name: "Open or close sub" }).click();
    await dialog.getByLabel("Download sub").uncheck();
    await visitor.press("Download");
    await visitor.row("show").filter({ hasText: /Seeding.*100%/ }).waitFor();
    assertEquals(await Deno.readFile(scene.path("data/show/a.bin")), CONTENT[0][1]);
    assertEquals(await exists(scene.path("data/show/sub/c.bin")), false);
    assertEquals(visitor.complaints, []);
  },
);

browserTest("a link nobody answers shows why, and is taken back", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await page.getByRole("banner").getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Magnet link").fill("a".repeat(40));
  await page.getByLabel("Choose files first").check();
  await visitor.press("Add");
  const dialog = page.getByRole("dialog", { name: "Choose files" });
  await dialog.getByText("Fetching the list of its files").waitFor();
  assertEquals(await visitor.violations(), []);
  await page.keyboard.press("Escape");
  await visitor.closed();
  const row = page.getByRole("grid").getByRole("row").nth(1);
  await row.filter({ hasText: "Fetching its metadata" }).click();
  await page.keyboard.press("Delete");
  await visitor.press("Remove");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  assertEquals(visitor.complaints, []);
});

browserTest("of several torrents the files are chosen one after another", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  for (const name of ["one", "two"]) {
    const torrent = await makeTorrent({ name, content: [[["x.bin"], noise(70_000, 4)]] });
    await visitor.drop(`${name}.torrent`, torrent.bytes);
    await page.getByRole("listitem").filter({ hasText: `${name}.torrent` }).waitFor();
  }
  await page.getByLabel("Choose files first").check();
  await page.getByLabel("Do not start yet").check();
  await visitor.press("Add");
  const dialog = page.getByRole("dialog", { name: "Choose files" });
  await dialog.getByText("one", { exact: true }).first().waitFor();
  await dialog.getByText("1 of 1 file").waitFor();
  await visitor.press("Do not add");
  await dialog.getByText("two", { exact: true }).first().waitFor();
  await dialog.getByText("1 of 1 file").waitFor();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await visitor.closed();
  await visitor.row("two").filter({ hasText: "Stopped" }).waitFor();
  await visitor.row("one").waitFor({ state: "detached" });
  assertEquals(visitor.complaints, []);
});
