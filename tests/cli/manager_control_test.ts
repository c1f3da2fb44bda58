/** The commands against our own control server, as it will be in `tm daemon`; nothing goes over a network. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import type { RpcRequest } from "../../src/remote/mod.ts";
import { FakeManager, HASH } from "../control/fake_manager.ts";
import { call } from "../control/lab.ts";
import { torrentOf, World } from "./world.ts";

/** A world whose manager is the control server's dispatcher over `manager`. */
function worldOf(manager: FakeManager): World {
  const world = new World().onTerminal();
  world.manager = () => ({
    async send({ body }: RpcRequest) {
      const answer = await call(manager, utf8(body));
      return { status: 200, sessionId: null, body: JSON.stringify(answer) };
    },
    close() {},
  });
  return world;
}

async function shown(manager: FakeManager, ...args: string[]): Promise<string> {
  const world = worldOf(manager);
  assertEquals(await world.run(...args), 0, world.stderr.text);
  return world.stdout.text;
}

/** What the manager was asked to change. */
async function asked(...args: string[]): Promise<unknown> {
  const manager = new FakeManager();
  await shown(manager, ...args);
  return manager.asked.at(-1);
}

Deno.test("control: what is shown is what the manager has", async () => {
  const manager = new FakeManager();
  const list = await shown(manager, "list");
  assertStringIncludes(list, " 1   87%  293K   38s    1.0K   20B  downloading  beta");
  assertStringIncludes(list, "paused       torrent 2");
  const status = await shown(manager, "status", "beta");
  for (
    const line of [
      `Info hash    ${HASH}`,
      "Labels       linux, iso",
      "Folder       /srv/torrents",
      "Limits       down none, up 48.8 KiB/s",
      "Goals        ratio 1.50, idle as the manager's",
    ]
  ) assertStringIncludes(status, line);
  const files = await shown(manager, "files", "1");
  assertStringIncludes(files, " 2   62%  97.7K  off     beta/two");
  assertStringIncludes(await shown(manager, "peers", "1"), "203.0.113.5:6881");
  assertStringIncludes(await shown(manager, "trackers", "1"), "ok ");
  const why = await shown(manager, "why", "1");
  assertEquals(why, "beta: waiting for peers\n  1. none\n     → wait\n");
  assertStringIncludes(await shown(manager, "stats"), "Torrents  2, 1 active, 1 paused");
  assertStringIncludes(await shown(manager, "session"), "reserve               976.6 KiB");
  assertStringIncludes(await shown(manager, "limit"), "Budget       none");
});

Deno.test("control: what is changed is what was typed", async () => {
  const one = [HASH];
  assertEquals(await asked("pause", "1"), ["stop", one]);
  assertEquals(await asked("resume", "--now", "1"), ["start", one, true]);
  assertEquals(await asked("remove", "--data", "1"), ["remove", one, true]);
  assertEquals(await asked("verify", "beta"), ["verify", one]);
  assertEquals(await asked("reannounce", "1"), ["reannounce", one]);
  assertEquals(await asked("queue", "1", "top"), ["queue", one, "top"]);
  assertEquals(await asked("queue", "1", "4"), ["set", one, { position: 3 }]);
  assertEquals(await asked("label", "1", "a,b"), ["set", one, { labels: ["a", "b"] }]);
  assertEquals(await asked("move", "1", "sub"), ["relocate", one, "sub", true]);
  assertEquals(await asked("rename", "1", "2", "two.txt"), ["rename", 1, "beta/two", "two.txt"]);
  assertEquals(await asked("limit", "1", "--max-total", "1G", "--up", "off"), [
    "set",
    one,
    { uploadLimited: false, maxTotal: 2 ** 30 },
  ]);
  assertEquals(await asked("priority", "1", "high", "2"), [
    "set",
    [1],
    { filePriorities: [{ files: [1], priority: "high" }] },
  ]);
  assertEquals(await asked("select", "1", "two"), [
    "set",
    [1],
    {
      filePriorities: [
        { files: [0], priority: "off" },
        { files: [1], priority: "normal" },
      ],
    },
  ]);
  assertEquals(await asked("session", "reserve=1G", "dht=off"), [
    "setSession",
    { dht: false, reserve: 2 ** 30 },
  ]);
  assertEquals(await asked("limit", "--max-day", "5G", "--schedule", "sun@1:00-2:00"), [
    "setSession",
    { schedule: { enabled: true, begin: 60, end: 120, days: 1 }, maxDay: 5 * 2 ** 30 },
  ]);
});

Deno.test("control: torrents are added with what was typed", async () => {
  const manager = new FakeManager();
  const link = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";
  await shown(manager, "add", link, "--sequential", "--select-file", "2,4-5", "--paused");
  const [method, added] = manager.asked[0] as unknown as ["add", Record<string, unknown>];
  assertEquals([method, added["paused"], added["settings"]], ["add", true, { sequential: true }]);
  const world = worldOf(manager);
  world.files.set("a.torrent", torrentOf("a.bin"));
  assertEquals(await world.run("add", "a.torrent"), 0);
  // the manager of this test takes any file for the one it has
  assertEquals(world.stdout.text, "There already: 1 beta\n");
});

Deno.test("control: what a tm daemon refuses is told", async () => {
  const world = worldOf(new FakeManager());
  assertEquals(await world.run("move", "1", "/elsewhere"), 1);
  const text = world.stderr.text.replace(/\s+/g, " ");
  assertStringIncludes(text, "Expected a path in the download folder /srv/torrents");
});
