import { assert, assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { browserTest, daemon, exists, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

browserTest("a newcomer adds by magnet, sees it finish, removes it with its files", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 3_000_000, name: "debian" });
  const link = await linkTo(scene, torrent);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  assertEquals(await visitor.violations(), []);
  await visitor.typeLink(link);
  assertEquals(await visitor.violations(), []);
  await visitor.press("Add");
  await visitor.row("debian").filter({ hasText: "100%" }).waitFor();
  await visitor.row("debian").dblclick();
  await page.getByRole("img", { name: "Map of the pieces: 100% are here" }).waitFor();
  for (const tab of ["Overview", "Files", "Peers", "Trackers", "Options"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel", { name: tab }).waitFor();
    assertEquals(await visitor.violations(), [], tab);
  }
  await visitor.press("Close");
  await visitor.press("Remove …");
  await page.getByLabel("Delete the files too").check();
  await page.getByText("Up to 3.00 MB of files are deleted for good.").waitFor();
  assertEquals(await visitor.violations(), []);
  await visitor.press("Remove and delete files");
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  assertEquals(await exists(scene.path("data/debian")), false);
  assertEquals(visitor.complaints, []);
});

browserTest(
  "a file is dropped, its files are chosen, it is paused, resumed and removed",
  async () => {
    await using scene = await Scene.open();
    // whole pieces, so that one file can be complete without the other
    const content = [[["a.bin"], noise(4 * 65_536, 1)], [["b.bin"], noise(300_000, 2)]] as const;
    const torrent = await makeTorrent({ name: "show", content });
    await scene.data(torrent, "data");
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await visitor.drop("show.torrent", torrent.bytes);
    await page.getByRole("listitem").filter({ hasText: "show.torrent" }).waitFor();
    await page.getByLabel("Choose files first").check();
    await visitor.press("Add");
    await page.getByLabel("Download b.bin").uncheck();
    await page.locator("input[aria-label='Download show']:indeterminate").waitFor();
    await page.getByText("1 of 2 files: 262 kB.").waitFor();
    assertEquals(await visitor.violations(), []);
    await visitor.press("Download");
    await visitor.row("show").filter({ hasText: "Seeding" }).waitFor();
    await visitor.row("show").first().click();
    await visitor.press("Pause");
    await visitor.row("show").filter({ hasText: /Stopped|Finished/ }).waitFor();
    await visitor.press("Resume");
    await visitor.row("show").filter({ hasText: "Seeding" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Delete");
    await visitor.press("Remove");
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    assertEquals(await exists(scene.path("data/show/a.bin")), true, "its files stay");
    assertEquals(visitor.complaints, []);
  },
);

browserTest("a limit is changed in the settings, and the rate follows", async () => {
  await using scene = await Scene.open();
  const torrent = await makeTorrent({ content: 20_000_000, name: "debian" });
  const link = await linkTo(scene, torrent);
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const limit = page.getByRole("group", { name: "Limits" });
  await visitor.press("Settings");
  await limit.getByRole("checkbox", { name: "Download, kB/s" }).check();
  await limit.getByRole("spinbutton", { name: "Download, kB/s" }).fill("200");
  assertEquals(await visitor.violations(), []);
  await visitor.press("Save");
  await page.getByText("Saved.").waitFor();
  await visitor.typeLink(link);
  await visitor.press("Add");
  await visitor.row("debian").filter({ hasText: /(?:1[5-9]|2[0-4])\d kB\/s/ }).waitFor();
  await visitor.press("Settings");
  await limit.getByRole("checkbox", { name: "Download, kB/s" }).uncheck();
  await visitor.press("Save");
  // at 200 kB/s it would take another minute and a half
  await visitor.row("debian").filter({ hasText: "100%" }).waitFor();
  assertEquals(visitor.complaints, []);
});

browserTest("hostile names are text, and do not turn round", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  await using visitor = await Visitor.open(place);
  const { page } = visitor;
  const names = ["<img src=x onerror=document.title='gone'>", "photo\u202egpj.exe"];
  const links = names.map((name, at) =>
    `magnet:?xt=urn:btih:${String(at).padStart(40, "a")}&dn=${encodeURIComponent(name)}`
  );
  await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
  await page.getByRole("banner").getByRole("button", { name: "Add" }).click();
  await page.getByLabel("Magnet link").fill(links.join("\n"));
  await visitor.press("Add");
  await visitor.row("<img src=x").waitFor();
  await visitor.row("photo�gpj.exe").waitFor();
  assertEquals(await page.locator("img[src]").count(), 0);
  assert((await page.title()).includes("TorrentManager"));
  assertEquals(visitor.complaints, []);
});

browserTest(
  "a restart of the daemon under an open page is shown, and heals by itself",
  async () => {
    await using scene = await Scene.open();
    const { tm, place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    tm.signal("SIGTERM");
    await tm.end();
    await page.getByRole("alert").waitFor();
    await daemon(scene, Number(new URL(place).port));
    await page.getByText("The connection is back.").waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
    // the new one has another session id
    await visitor.press("Slow mode");
    await page.getByText("Slow mode is on").waitFor();
  },
);
