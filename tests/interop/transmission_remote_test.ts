/** `transmission-remote` against the control server, and what it has the manager do: a fake one, so nothing is transferred. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Asked, type FakeManager, FOLDER, TORRENT_SETTINGS } from "../control/fake_manager.ts";
import { withServer } from "../control/lab.ts";
import { requirePrograms } from "./harness/requirements.ts";

const AUTH = { user: "me", password: "secret" };
const MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=zed";

/** One call: its arguments, what the manager is asked, and something that is printed. */
type Case = readonly [args: string, asked: readonly Asked[], says?: string];

const OK = 'responded: "success"';
const CASES: readonly Case[] = [
  ["-si", [], "Daemon version: 3.00 (TorrentManager 1.2.3)"],
  ["-si", [], "Upload speed limit: 200 kB/s (Enabled limit: 200 kB/s"],
  ["-st", [], "Started 4 times"],
  ["-l", [], "beta"],
  ["-l", [], "Stopped      torrent 2"],
  ["-t active -l", [], "Up & Down    beta"],
  ["-t 1 -i", [], "Labels: linux, iso"],
  ["-t 1 -i", [], "Have: 262.2 kB (262.1 kB verified)"],
  ["-t 1 -if", [], "0: 100% High     Yes  200.0 kB  beta/one"],
  ["-t 1 -if", [], "1:  62% Normal   No   100.0 kB  beta/two"],
  ["-t 1 -ip", [], "libtorrent 2.0.8"],
  ["-t 1 -ic", [], "10"],
  ["-t 1 -it", [], "Tracker 0: http://tracker.example.org:6969"],
  ["-t 1 -s", [["start", [1], false]]],
  ["-t 1,2 -S", [["stop", [1, 2]]]],
  ["-t 1 -v", [["verify", [1]]]],
  ["-t 1 --reannounce", [["reannounce", [1]]]],
  ["-t 2 -r", [["remove", [2], false]]],
  ["-t 2 -rad", [["remove", [2], true]]],
  ["-t 1 -g 1", [["set", [1], { filePriorities: [{ files: [1], priority: "normal" }] }]]],
  ["-t 1 -G all", [["set", [1], { filePriorities: [{ files: [0], priority: "off" }] }]]],
  ["-t 1 -pl 0", [["set", [1], { filePriorities: [{ files: [0], priority: "low" }] }]]],
  ["-t 1 -pn 0", [["set", [1], { filePriorities: [{ files: [0], priority: "normal" }] }]]],
  ["-t 1 -ph 0", []],
  ["-d 500", [["setSession", { downloadLimit: 500_000, downloadLimited: true }]]],
  ["-D", [["setSession", { downloadLimited: false }]]],
  ["-t 1 -u 20", [["set", [1], { uploadLimit: 20_000, uploadLimited: true }]]],
  ["-t 1 -U", [["set", [1], { uploadLimited: false }]]],
  ["-as", [["setSession", { altEnabled: true }]]],
  ["-t 1 -sr 1.5", [["set", [1], { ratio: TORRENT_SETTINGS.ratio, ratioMode: "own" }]]],
  ["-t 1 -L a,b", [["set", [1], { labels: ["a", "b"] }]]],
  ["-t 1 -pr 20", [["set", [1], { peerLimit: 20 }]]],
  ["-t 1 -td http://a.example/x", [["set", [1], { addTrackers: ["http://a.example/x"] }]]],
  [`-t 1 --move ${FOLDER}/x`, [["relocate", [1], "x", true]]],
  [`-t 1 --find ${FOLDER}`, [["relocate", [1], "", false]]],
  [`-w ${FOLDER}/y`, [["setSession", { location: "y" }]]],
  ["-pt", [], "Port is open: Yes"],
  ["--blocklist-update", [["updateFilter"]]],
];

async function remote(port: number, password: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("transmission-remote", {
    args: [`127.0.0.1:${port}`, "-n", `${AUTH.user}:${password}`, ...args],
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("transmission-remote: every option of its that a manager can serve", async () => {
  requirePrograms([{ program: "transmission-remote", debianPackage: "transmission-cli" }]);
  for (const [args, asked, says = OK] of CASES) {
    await withServer({ auth: AUTH }, async ({ port }, manager: FakeManager) => {
      const { code, text } = await remote(port!, AUTH.password, args.split(" "));
      assertEquals(code, 0, `${args}: ${text}`);
      assertStringIncludes(text, says, args);
      assertEquals(manager.asked, asked, args);
    });
  }
});

Deno.test("transmission-remote: adds, is refused outside of the folder and with a wrong password, ends it", async () => {
  requirePrograms([{ program: "transmission-remote", debianPackage: "transmission-cli" }]);
  const ended = Promise.withResolvers<void>();
  const onShutdown = () => ended.resolve();
  await withServer({ auth: AUTH, onShutdown }, async ({ port }, manager) => {
    const run = (...args: string[]) => remote(port!, AUTH.password, args);
    assertStringIncludes((await run("-a", MAGNET)).text, OK);
    assertEquals(manager.views.map(({ name }) => name), ["beta", "torrent 2", "zed"]);
    const moved = await run("-t", "1", "--move", "/etc");
    assertEquals(moved.code, 1);
    assertStringIncludes(moved.text, `Expected a path in the download folder ${FOLDER}`);
    assertStringIncludes((await run("-t", "1", "-g", "9")).text, "file index out of range");
    assertStringIncludes(
      (await remote(port!, "wrong", ["-l"])).text,
      "A user and password are needed",
    );
    assertStringIncludes((await run("--exit")).text, OK);
    await ended.promise;
  });
});
