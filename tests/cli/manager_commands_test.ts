import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { COMMANDS, loadAll } from "../../src/cli/commands.ts";
import { FakeManager, type Json, torrent } from "./fake_manager.ts";
import { objects, torrentOf } from "./world.ts";

const HASH = "01".repeat(20);

/** A manager with one torrent of three files, two peers and two trackers. */
function one(more: Json = {}): FakeManager {
  const manager = new FakeManager();
  const file = (name: string, length: number, bytesCompleted = 0) => ({
    name,
    length,
    bytesCompleted,
  });
  manager.torrents = [torrent(1, "show", {
    files: [
      file("show/a.mkv", 700 * 2 ** 20, 350 * 2 ** 20),
      file("show/b.mkv", 300 * 2 ** 20),
      file("show/extras/notes.txt", 1000, 1000),
    ],
    wanted: [1, false, true],
    priorities: [1, 0, -1],
    peers: [
      {
        address: "2001:db8::7",
        port: 6881,
        clientName: "TorrentManager 0.3",
        progress: 0.5,
        rateToClient: 204_800,
        rateToPeer: 0,
        flagStr: "DE",
      },
      { address: "192.0.2.9", port: 0, clientName: "\x1b[31mx", progress: 7, flagStr: "?" },
    ],
    trackerStats: [
      {
        id: 4,
        announce: "http://t.example/announce",
        tier: 0,
        hasAnnounced: true,
        lastAnnounceSucceeded: true,
        lastAnnounceResult: "Success",
        seederCount: 12,
        leecherCount: 3,
        downloadCount: -1,
        nextAnnounceTime: 1_700_000_600,
      },
      {
        id: 9,
        announce: "udp://u.example:1",
        tier: 1,
        hasAnnounced: false,
        lastAnnounceSucceeded: false,
        lastAnnounceResult: "Connection refused",
        seederCount: -1,
        leecherCount: -1,
      },
    ],
    downloadLimit: 100,
    downloadLimited: true,
    seedRatioMode: 1,
    seedRatioLimit: 1.5,
    bandwidthPriority: -1,
    ...more,
  })];
  return manager;
}

/** The output of a command that must end with `code`. */
async function shown(manager: FakeManager, code: number, ...args: string[]): Promise<string> {
  const world = manager.world().onTerminal();
  assertEquals(await world.run(...args), code, world.stderr.text);
  return code === 0 ? world.stdout.text : world.stderr.text;
}

/** The calls that change something. */
async function changes(manager: FakeManager, ...args: string[]): Promise<unknown[]> {
  const before = manager.changes.length;
  await shown(manager, 0, ...args);
  return manager.changes.slice(before).map(({ method, args }) => [method, args]);
}

Deno.test("files, peers and trackers are tables", async () => {
  assertEquals(
    await shown(one(), 0, "files", "1"),
    `\
No  Done  Size  Wanted  Path
 1   50%  700M  high    show/a.mkv
 2    0%  300M  off     show/b.mkv
 3  100%  1.0K  low     show/extras/notes.txt

3 files, 2 of them wanted, 700.0 MiB
`,
  );
  assertEquals(
    await shown(one(), 0, "peers", "show"),
    `\
Address              Has  Down/s  Up/s  Flags  Program
[2001:db8::7]:6881   50%    200K     -  DE     TorrentManager 0.3
192.0.2.9           100%       -     -  ?      x

2 peers; ↓ 200.0 KiB/s ↑ 0 B/s
`,
  );
  assertEquals(
    await shown(one(), 0, "trackers", "1"),
    `\
No  Tier  State   Seeds  Others    Next  URL
 1     1  ok         12       3  10m00s  http://t.example/announce
 2     2  failed      -       -       -  udp://u.example:1
    Connection refused
`,
  );
});

Deno.test("lists of several torrents stand under their names, -q has no titles", async () => {
  const manager = one();
  manager.torrents.push(torrent(2, "other"));
  const text = await shown(manager, 0, "files", "all");
  assertStringIncludes(text, "1 show\nNo  Done");
  assertStringIncludes(text, "\n2 other\nIts files are not known yet\n");
  const quiet = await shown(one(), 0, "files", "-q", "1");
  assertEquals(quiet.split("\n").length, 4);
});

Deno.test("lists as JSON", async () => {
  const world = one().world();
  await world.run("files", "--json", "1");
  assertEquals(objects(world.stdout.text)[1], {
    type: "file",
    torrent: HASH,
    number: 2,
    path: "show/b.mkv",
    size: 300 * 2 ** 20,
    done: 0,
    level: "off",
  });
});

Deno.test("select turns on what is named and everything else off", async () => {
  const set = (wanted: number[], unwanted?: number[]) => [[
    "torrent-set",
    {
      ids: [HASH],
      "files-wanted": wanted,
      ...(unwanted === undefined ? {} : { "files-unwanted": unwanted }),
    },
  ]];
  assertEquals(await changes(one(), "select", "1", "1,3"), set([0, 2], [1]));
  assertEquals(await changes(one(), "select", "1", "*.mkv"), set([0, 1], [2]));
  assertEquals(await changes(one(), "select", "1", "extras/**", "2"), set([1, 2], [0]));
  assertEquals(await changes(one(), "select", "1", "show/a.mkv"), set([0], [1, 2]));
  assertEquals(await changes(one(), "select", "1", "{a,x}.mkv"), set([0], [1, 2]));
  const brackets = one();
  (brackets.torrents[0]!["files"] as Json[])[0]!["name"] = "show/[x] a.mkv";
  assertEquals(await changes(brackets, "select", "1", "[x] a.mkv"), set([0], [1, 2]));
  // no list of none, which would be all of them
  assertEquals(await changes(one(), "select", "1", "all"), set([0, 1, 2]));
});

Deno.test("files that are not there end with 3 and change nothing", async () => {
  for (const file of ["4", "2-9", "*.iso", "mkv", "show", ""]) {
    const manager = one();
    assertStringIncludes(await shown(manager, 3, "select", "1", file), "No file");
    assertEquals(manager.changes, []);
  }
  assertStringIncludes(await shown(one(), 28, "select", "1"), "Expected a FILE");
});

Deno.test("priority is of files, or without them of the torrent", async () => {
  const set = (args: Json) => [["torrent-set", { ids: [HASH], ...args }]];
  const high = { "files-wanted": [0, 1], "priority-high": [0, 1] };
  assertEquals(await changes(one(), "priority", "1", "high", "*.mkv"), set(high));
  assertEquals(await changes(one(), "priority", "1", "off", "2"), set({ "files-unwanted": [1] }));
  assertEquals(await changes(one(), "priority", "1", "low"), set({ bandwidthPriority: -1 }));
  assertStringIncludes(await shown(one(), 28, "priority", "1", "off"), "Expected a FILE after off");
  assertStringIncludes(await shown(one(), 28, "priority", "1", "urgent"), "off, low, normal, high");
});

Deno.test("limit shows and sets what holds for all", async () => {
  const manager = one();
  Object.assign(manager.session, {
    "speed-limit-down": 2097,
    "speed-limit-down-enabled": true,
    "speed-limit-up": 100,
    "speed-limit-up-enabled": false,
    "alt-speed-down": 50,
    "alt-speed-up": 50,
    "alt-speed-enabled": true,
    "alt-speed-time-enabled": true,
    "alt-speed-time-day": 62,
    "alt-speed-time-begin": 480,
    "alt-speed-time-end": 1020,
    seedRatioLimited: true,
    seedRatioLimit: 2,
    "idle-seeding-limit": 30,
    "idle-seeding-limit-enabled": false,
  });
  assertEquals(
    await shown(manager, 0, "limit"),
    `\
Down         2.0 MiB/s
Up           none
Alternative  on: down 48.8 KiB/s, up 48.8 KiB/s
Schedule     mon-fri 08:00-17:00
Seed ratio   2.00
Seed idle    no goal
`,
  );
  const args = ["--down", "1M", "--up", "off", "--alt", "off", "--alt-down", "10K", "--seed-idle"];
  assertEquals(await changes(manager, "limit", ...args, "60", "--schedule", "sat,sun@9:00-24:00"), [
    ["session-set", {
      "speed-limit-down-enabled": true,
      "speed-limit-down": 1049,
      "speed-limit-up-enabled": false,
      "idle-seeding-limit-enabled": true,
      "idle-seeding-limit": 60,
      "alt-speed-enabled": false,
      "alt-speed-down": 10,
      "alt-speed-time-enabled": true,
      "alt-speed-time-day": 65,
      "alt-speed-time-begin": 540,
      "alt-speed-time-end": 0,
    }],
  ]);
  const before = manager.changes.length;
  const refused = await shown(manager, 28, "limit", "--max-day", "5G");
  assertStringIncludes(refused, "has no max-day; nothing was changed");
  assertEquals(manager.changes.length, before);
  manager.session["max-day"] = 0;
  assertEquals(await changes(manager, "limit", "--max-day", "5G"), [
    ["session-set", { "max-day": 5 * 2 ** 30 }],
  ]);
});

Deno.test("limit of a torrent", async () => {
  assertEquals(
    await shown(one(), 0, "limit", "1"),
    `\
1 show
Down              97.7 KiB/s
Up                none
Manager's limits  hold too
Goals             ratio 1.50, idle as the manager's
`,
  );
  const args = ["--up", "1", "--seed-ratio", "session", "--seed-idle", "off"];
  assertEquals(await changes(one(), "limit", "1", ...args, "--session-limits", "off"), [
    ["torrent-set", {
      ids: [HASH],
      uploadLimited: true,
      uploadLimit: 1, // 0 would stop it
      seedRatioMode: 0,
      seedIdleMode: 2,
      honorsSessionLimits: false,
    }],
  ]);
  for (const args of [["--alt", "on"], ["--schedule", "off"], ["--max-day", "1G"]]) {
    assertStringIncludes(await shown(one(), 28, "limit", "1", ...args), "Expected no ID with");
  }
  const refused = await shown(one(), 28, "limit", "1", "--max-total", "1G");
  assertStringIncludes(refused, "has no max-total");
  const alone = await shown(one(), 28, "limit", "--session-limits", "on");
  assertStringIncludes(alone, "Expected an ID");
});

Deno.test("move, rename, verify, reannounce and queue", async () => {
  const ids = [HASH];
  const cases: [args: string[], calls: unknown[]][] = [
    [["move", "1", "/data/new"], [["torrent-set-location", {
      ids,
      location: "/data/new",
      move: true,
    }]]],
    [["move", "--find", "1", "old"], [["torrent-set-location", {
      ids,
      location: "old",
      move: false,
    }]]],
    [["rename", "1", "film"], [["torrent-rename-path", { ids, path: "show", name: "film" }]]],
    [["rename", "1", "2", "c.mkv"], [["torrent-rename-path", {
      ids,
      path: "show/b.mkv",
      name: "c.mkv",
    }]]],
    [["verify", "show"], [["torrent-verify", { ids }]]],
    [["verify", "--host", "9091", "1"], [["torrent-verify", { ids }]]],
    [["reannounce", "1"], [["torrent-reannounce", { ids }]]],
    [["queue", "1", "top"], [["queue-move-top", { ids }]]],
    [["queue", "1", "3"], [["torrent-set", { ids, queuePosition: 2 }]]],
  ];
  for (const [args, calls] of cases) assertEquals(await changes(one(), ...args), calls);
  assertStringIncludes(await shown(one(), 28, "queue", "1", "first"), "top, up, down, bottom");
  assertStringIncludes(await shown(one(), 28, "move", "1"), "Expected an ID and a folder");
});

Deno.test("verify of a file that is here asks no manager", async () => {
  const manager = one();
  const world = manager.world();
  world.files.set("show", torrentOf("a.bin"));
  world.files.set("./downloads", "folder");
  await world.run("verify", "show");
  assertEquals(manager.calls, []);
  const missing = manager.world();
  assertEquals(await missing.run("verify", "none.torrent"), 3);
  assertEquals(manager.calls, []);
});

Deno.test("labels are set, added, taken away and counted", async () => {
  const had = () => one({ labels: ["old", "iso"] });
  const set = (labels: string[]) => [["torrent-set", { ids: [HASH], labels }]];
  assertEquals(await changes(had(), "label", "1", "a,b", "c"), set(["a", "b", "c"]));
  assertEquals(await changes(had(), "label", "--add", "1", "a", "iso"), set(["old", "iso", "a"]));
  assertEquals(await changes(had(), "label", "--remove", "1", "iso"), set(["old"]));
  assertEquals(await changes(had(), "label", "--clear", "1"), set([]));
  assertEquals(await shown(had(), 0, "label", "1"), "1 show: old, iso\n");
  assertEquals(await shown(had(), 0, "label"), "Torrents  Label\n       1  iso\n       1  old\n");
  for (const args of [["--add", "1"], ["--clear", "1", "x"], ["--add", "--remove", "1", "x"]]) {
    await shown(had(), 28, "label", ...args);
  }
});

Deno.test("session shows what the manager knows, sets it and refuses what it does not", async () => {
  const manager = one();
  Object.assign(manager.session, {
    "download-dir": "/data",
    "download-dir-free-space": 2 ** 40,
    "dht-enabled": true,
    "download-queue-enabled": true,
    "download-queue-size": 5,
    "session-id": "secret",
  });
  assertEquals(
    await shown(manager, 0, "session"),
    `\
Manager         127.0.0.1:9091, version 3.00 (test)
RPC version     16
Free space      1.0 TiB

download-dir    /data
download-queue  off
dht             on
`.replace("off", "5"),
  );
  assertEquals(await changes(manager, "session", "dht=off", "download-queue=off"), [
    ["session-set", { "dht-enabled": false, "download-queue-enabled": false }],
  ]);
  manager.fixed.add("dht-enabled");
  assertStringIncludes(
    await shown(manager, 1, "session", "dht=on"),
    "cannot change dht; was it started with --no-dht?",
  );
  const before = manager.changes.length;
  for (
    const [word, message] of [
      ["dth=on", "Unknown setting dth; did you mean dht?"],
      ["dht=maybe", "Expected on or off after dht=, got"],
      ["reserve=5G", "has no reserve; nothing was changed"],
      ["dht", "Expected NAME=VALUE, got dht"],
      ["download-queue=70000", "Expected a whole number from 0 to 65535 after download-queue="],
    ] as const
  ) assertStringIncludes(await shown(manager, 28, "session", word), message);
  assertEquals(manager.changes.length, before);
  const world = manager.world();
  await world.run("session", "--json");
  assertEquals(world.stdout.text.includes("secret"), false);
  manager.answers["blocklist-update"] = () => ({ "blocklist-size": 7 });
  assertEquals(await changes(manager, "session", "--update-filter"), [["blocklist-update", {}]]);
  manager.answers["session-close"] = () => ({});
  assertEquals(await changes(manager, "session", "--shutdown"), [["session-close", {}]]);
});

Deno.test("stats", async () => {
  const manager = one();
  const run = { downloadedBytes: 2 ** 30, uploadedBytes: 2 ** 31, secondsActive: 3700 };
  manager.answers["session-stats"] = () => ({
    torrentCount: 3,
    activeTorrentCount: 2,
    pausedTorrentCount: 1,
    downloadSpeed: 1024,
    uploadSpeed: 0,
    "current-stats": run,
    "cumulative-stats": { ...run, sessionCount: 7 },
  });
  assertEquals(
    await shown(manager, 0, "stats"),
    `\
Torrents  3, 2 active, 1 paused
Down      1.0 KiB/s
Up        0 B/s

This run  1.0 GiB down, 2.0 GiB up, ratio 2.00, 1h 01m
In all    1.0 GiB down, 2.0 GiB up, ratio 2.00, 1h 01m, 7 runs
`,
  );
});

Deno.test("why tells what a tm daemon says", async () => {
  const cause = { cause: "no-seeders", text: "nobody has all of it", advice: "wait for a seed" };
  const manager = one({ why: { text: "waiting for data", causes: [cause] } });
  manager.session["version"] = "3.00 (TorrentManager 0.4.0)";
  assertEquals(
    await shown(manager, 0, "why", "1"),
    "show: waiting for data\n  1. nobody has all of it\n     → wait for a seed\n",
  );
});

const STATES: [more: Json, says: string][] = [
  [{ status: 0 }, "1. it is paused\n     → tm resume 1"],
  [{ status: 0, isFinished: true }, "it has reached its seeding goal"],
  [{ status: 0, error: 3, errorString: "No space left" }, "1. No space left"],
  [{ status: 3 }, "its turn has not come, it has place 1 in the queue"],
  [{ status: 2, recheckProgress: 0.5 }, "show: checking 50%\n"],
  [{ peersSendingToUs: 0 }, "3 connected, and none sends"],
  [{ peersSendingToUs: 0, peersConnected: 0 }, "the tracker udp://u.example:1 failed: Connection"],
  [{ peersSendingToUs: 0, peersConnected: 0, trackerStats: [] }, "it has no tracker, and the DHT"],
  [{ rateDownload: 1024 }, "show: downloading, ↓ 1.0 KiB/s ↑ 0 B/s\n"],
];
for (const [more, says] of STATES) {
  Deno.test(`why of another manager: ${says.slice(0, 40)}`, async () => {
    assertStringIncludes(await shown(one({ why: 0, ...more }), 0, "why", "1"), says);
  });
}

Deno.test("doctor tells what a tm daemon found, and ends with 1 when something is bad", async () => {
  const manager = one();
  manager.answers["doctor"] = () => ({
    findings: [
      { subject: "port", state: "ok", text: "port 6881 is open", advice: "" },
      { subject: "disk", state: "bad", text: "the disk \x1b[1mfails", advice: "replace it" },
    ],
  });
  const world = manager.world();
  assertEquals(await world.run("doctor"), 1);
  assertEquals(
    world.stdout.text,
    `\
ok       port         port 6881 is open
bad      disk         the disk fails
                      → replace it
`,
  );
});

Deno.test("doctor of another manager looks at what it tells", async () => {
  const manager = one({ error: 2 });
  Object.assign(manager.session, {
    "download-dir": "/data",
    "download-dir-free-space": 1000,
    "peer-port": 51_413,
  });
  manager.answers["port-test"] = () => ({ "port-is-open": false });
  const text = await shown(manager, 0, "doctor");
  assertStringIncludes(text, "warning  space        1000 B free in /data");
  assertStringIncludes(text, "warning  port         port 51413 cannot be reached");
  assertStringIncludes(text, "1 of 1 torrent in trouble");
  for (const line of text.split("\n")) assert(line.length < 80, line);
});

Deno.test("add chooses files before it starts", async () => {
  const manager = one();
  manager.answers["torrent-add"] = () => ({
    "torrent-added": { id: 1, hashString: HASH, name: "show" },
  });
  const world = manager.world();
  world.files.set("a.torrent", torrentOf("a.bin"));
  assertEquals(await world.run("add", "a.torrent", "--select-file", "*.txt"), 0);
  assertEquals(manager.changes.map(({ method, args }) => [method, args["paused"]]), [
    ["torrent-add", true],
    ["torrent-set", undefined],
    ["torrent-start", undefined],
  ]);
  assertEquals(manager.changes[1]!.args["files-wanted"], [2]);
  const link = `magnet:?xt=urn:btih:${HASH}`;
  const refused = manager.world();
  assertEquals(await refused.run("add", link, "--select-file", "1"), 28);
  manager.session["version"] = "3.00 (TorrentManager 0.4.0)";
  const taken = manager.world();
  assertEquals(await taken.run("add", link, "--select-file", "1,3-4", "--sequential"), 0);
  const { args } = manager.changes.at(-1)!;
  assertEquals(args, { filename: `${link}&so=0-0,2-3`, sequentialDownload: true });
});

Deno.test("add goes on when the manager refuses one", async () => {
  const manager = one();
  let calls = 0;
  manager.answers["torrent-add"] = () =>
    calls++ === 0 ? "disk full" : { "torrent-added": { id: 2, hashString: HASH, name: "b" } };
  const world = manager.world();
  world.files.set("a.torrent", torrentOf("a.bin"));
  world.files.set("b.torrent", torrentOf("b.bin"));
  assertEquals(await world.run("add", "a.torrent", "b.torrent"), 1);
  assertStringIncludes(world.stderr.text, "a.bin: The manager refuses: disk full");
  assertEquals(world.stdout.text, "Added 2 b\n");
});

Deno.test("no command for a manager trusts its answers or lets them reach the terminal", async () => {
  // the screen of top is made of escape sequences, its tests are its own
  const names = COMMANDS.filter(({ remote, name }) => remote && !["add", "top"].includes(name));
  const commands = await loadAll(names);
  const evil = "\x1b]0;owned\x07\x9b2J\u202e\r\nx";
  const rest: Record<string, string[]> = {
    move: ["1", "d"],
    rename: ["1", "n"],
    priority: ["1", "low"],
    queue: ["1", "top"],
    select: ["1", "all"],
    list: [],
    session: [],
    stats: [],
    doctor: [],
  };
  for (const { name } of commands) {
    const args = [name, ...rest[name] ?? ["1"]];
    const hostile = one({ name: evil, errorString: evil, comment: evil, labels: [evil] });
    hostile.session = { ...hostile.session, "download-dir": evil, version: evil };
    hostile.answers["session-stats"] = () => ({});
    hostile.answers["port-test"] = () => evil;
    const text = await shown(hostile, 0, ...args);
    // deno-lint-ignore no-control-regex -- what must not be there
    assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(text), false, name);
    for (const args2 of [args, [...args, "--json"]]) {
      const wrong = one();
      wrong.reply = () => ({
        status: 200,
        sessionId: null,
        body: '{"result":"success","arguments":{"torrents":[[]],"findings":7,"torrentCount":"x",' +
          '"rpc-version":{},"download-dir":5,"units":[],"speed-limit-down-enabled":"yes"}}',
      });
      const world = wrong.world();
      assertEquals(await world.run(...args2), 22, `${name}: ${world.stderr.text}`);
      assertMatch(world.stderr.text, /^Error: The manager's answer /);
    }
  }
});
