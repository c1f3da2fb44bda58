/** The npm library `@ctrl/transmission` against the control server; the manager is a fake one, so nothing is transferred. */
import { assertEquals, assertRejects } from "@std/assert";
import { Transmission } from "@ctrl/transmission";
import { FOLDER, HASH } from "../control/fake_manager.ts";
import { withServer } from "../control/lab.ts";

const AUTH = { user: "me", password: "secret" };
const MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=zed";

Deno.test("npm client: reads, adds, changes and removes torrents", async () => {
  await withServer({ auth: AUTH }, async ({ port }, manager) => {
    const client = new Transmission({
      baseUrl: `http://127.0.0.1:${port}/`,
      username: AUTH.user,
      password: AUTH.password,
    });
    const { torrents } = await client.getAllData();
    assertEquals(torrents.map(({ id, name, state }) => [id, name, state]), [
      [HASH, "beta", "downloading"],
      ["2".padStart(40, "0"), "torrent 2", "paused"],
    ]);
    const session = await client.getSession();
    assertEquals(session.arguments.version, "3.00 (TorrentManager 1.2.3)");
    const added = await client.addMagnet(MAGNET, { "download-dir": `${FOLDER}/tv` });
    assertEquals(added.arguments["torrent-added"].name, "zed");
    await client.pauseTorrent(HASH);
    await client.resumeTorrent(HASH);
    await client.verifyTorrent(HASH);
    await client.reannounceTorrent(HASH);
    await client.moveTorrent(HASH, `${FOLDER}/films`);
    await client.queueUp(HASH);
    await client.removeTorrent(HASH, true);
    const [[first], ...rest] = manager.asked as [[string], ...unknown[]];
    assertEquals(first, "add");
    assertEquals(rest, [
      ["stop", [HASH]],
      ["start", [HASH], false],
      ["verify", [HASH]],
      ["reannounce", [HASH]],
      ["relocate", [HASH], "films", true],
      ["queue", [HASH], "up"],
      ["remove", [HASH], true],
    ]);
  });
});

Deno.test("npm client: a wrong password is an error", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const client = new Transmission({
      baseUrl: `http://127.0.0.1:${port}/`,
      username: AUTH.user,
      password: "wrong",
    });
    await assertRejects(() => client.getAllData());
  });
});
