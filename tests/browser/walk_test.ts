/** A whole visit by the keyboard alone. */
import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { focused, nameOfFocus, tabTo } from "./keyboard.ts";
import { browserTest, daemon, exists, linkTo } from "./manager.ts";
import { Visitor } from "./visitor.ts";

const CONTENT = [
  [["a.bin"], noise(4 * 65_536, 1)],
  [["sub", "b.bin"], noise(300_000, 2)],
] as const;

browserTest(
  "from a link and a choice of files to the removal with data, by the keyboard alone",
  async () => {
    await using scene = await Scene.open();
    const torrent = await makeTorrent({ name: "show", content: CONTENT });
    const link = await linkTo(scene, torrent);
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    const { keyboard } = page;
    const row = visitor.row("show");
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();

    // added, and its files chosen
    await keyboard.press("a");
    await page.getByRole("dialog", { name: "Add torrents" }).waitFor();
    await keyboard.type(link);
    await tabTo(page, /^Choose files first/);
    await keyboard.press("Space");
    await tabTo(page, "Add");
    await keyboard.press("Enter");
    const choice = page.getByRole("dialog", { name: "Choose files" });
    await choice.getByText("2 of 2 files").waitFor();
    await tabTo(page, "Open or close sub");
    await keyboard.press("Enter");
    await tabTo(page, "Priority: b.bin");
    await keyboard.press("ArrowUp");
    await tabTo(page, "Download a.bin");
    await keyboard.press("Space");
    await choice.getByText("1 of 2 files: 300 kB.").waitFor();
    await tabTo(page, "Download");
    await keyboard.press("Enter");
    await row.filter({ hasText: /Seeding.*100%/ }).waitFor();
    assertEquals(await exists(scene.path("data/show/a.bin")), false);
    assertEquals(await Deno.readFile(scene.path("data/show/sub/b.bin")), CONTENT[1][1]);

    // every tab of its details, and back
    await focused(page, "[role=grid]");
    await keyboard.press("ArrowDown");
    await keyboard.press("Enter");
    await focused(page, ".details h2");
    assertEquals(await nameOfFocus(page), "show");
    await tabTo(page, "Overview");
    const panel = page.getByRole("tabpanel");
    const tabs = [
      ["Overview", panel.getByText("Info hash")],
      ["Files", panel.getByRole("checkbox", { name: "Download a.bin", checked: false })],
      ["Peers", panel.getByText(/No peer is connected|Address/)],
      ["Trackers", panel.getByRole("button", { name: "Edit the trackers …" })],
      ["Options", panel.getByRole("spinbutton", { name: "Peers at most" })],
    ] as const;
    for (const [name, content] of tabs) {
      assertEquals(await nameOfFocus(page), name);
      await content.first().waitFor();
      await keyboard.press("Tab");
      await focused(page, "[role=tabpanel]");
      await keyboard.press("Shift+Tab");
      await keyboard.press("ArrowRight");
    }
    assertEquals(await nameOfFocus(page), "Overview", "after the last comes the first");
    await keyboard.press("ArrowRight");
    await tabTo(page, "Open or close sub");
    await keyboard.press("Enter");
    await tabTo(page, "Priority: b.bin");
    assertEquals(await page.getByLabel("Priority: b.bin").inputValue(), "1");
    await keyboard.press("Escape");
    await focused(page, "[role=grid]");

    // what is done with it from the list
    await keyboard.press("p");
    await row.filter({ hasText: /Stopped|Finished/ }).waitFor();
    await keyboard.press("r");
    await row.filter({ hasText: "Seeding" }).waitFor();
    await keyboard.press("l");
    await page.getByRole("dialog", { name: "Labels" }).waitFor();
    await keyboard.type("linux");
    await keyboard.press("Enter");
    await visitor.closed();
    await row.locator(".label", { hasText: "linux" }).waitFor();
    await focused(page, "[role=grid]");
    await keyboard.press("Delete");
    await page.getByRole("dialog", { name: "Remove this torrent?" }).waitFor();
    await tabTo(page, "Delete the files too");
    await keyboard.press("Space");
    await page.getByRole("status").filter({ hasText: /files are deleted for good/ }).waitFor();
    await tabTo(page, "Remove and delete files");
    await keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await focused(page, "#main");
    assertEquals(await exists(scene.path("data/show")), false);
    assertEquals(visitor.complaints, []);
  },
);
