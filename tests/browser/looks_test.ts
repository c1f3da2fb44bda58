/** Every view in every look: nothing that axe-core finds, nothing beyond the edge. */
import { assertEquals } from "@std/assert";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { browserTest, daemon } from "./manager.ts";
import { LOOKS, tooWide, tour, wear } from "./views.ts";
import { Visitor } from "./visitor.ts";

const LONG = "a-name-of-one-word-that-goes-on-and-on-without-a-place-to-break-at.bin";

for (const look of LOOKS) {
  browserTest(`every view can be used by everybody and fits: ${look.name}`, async () => {
    /** All of it, so that one look is enough. */
    const wrong: string[] = [];
    const check = async (visitor: Visitor, view: string) => {
      for (const each of await visitor.violations()) wrong.push(`${view}: ${each}`);
      for (const each of await tooWide(visitor)) wrong.push(`${view} is too wide: ${each}`);
    };
    {
      await using scene = await Scene.open();
      const { place } = await daemon(scene, 0, "--rpc-auth", "me:secret");
      await using visitor = await Visitor.open(place);
      await wear(visitor, look);
      await visitor.page.getByLabel("Password").waitFor();
      await check(visitor, "login");
    }
    await using scene = await Scene.open();
    const { tm, place } = await daemon(scene);
    await using visitor = await Visitor.open(place);
    const { page } = visitor;
    await wear(visitor, look);
    await page.getByRole("heading", { name: "Nothing here yet" }).waitFor();
    await check(visitor, "empty");
    const content = [[["a.bin"], noise(70_000, 1)], [["sub", LONG], noise(70_000, 2)]] as const;
    const trackers = [`http://127.0.0.1:1/${LONG}/announce`];
    for (const name of ["shown", "open"]) {
      const torrent = await makeTorrent({ name, content, trackers });
      await visitor.drop(`${name}.torrent`, torrent.bytes);
      if (name === "open") await page.getByLabel("Choose files first").check();
      await visitor.press("Add");
      if (name === "open") {
        await page.getByRole("dialog").getByText("2 of 2 files").waitFor();
        await check(visitor, "choose when it is new");
        await page.keyboard.press("Escape");
      }
      await visitor.closed();
    }
    await visitor.row("open").filter({ hasText: "Choose files" }).waitFor();
    for await (const view of tour(visitor, look, { shown: "shown", unchosen: "open" })) {
      await check(visitor, view);
    }
    tm.signal("SIGTERM");
    await page.getByRole("alert").filter({ hasText: "The connection is lost" }).waitFor();
    await check(visitor, "lost");
    assertEquals(wrong, []);
    assertEquals(visitor.complaints, []);
  });
}
