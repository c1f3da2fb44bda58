import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Bytes, MetainfoError, StorageError, UsageError, utf8 } from "../../src/base/mod.ts";
import { type Asked, FakeManager, HASH, SESSION_SETTINGS } from "./fake_manager.ts";
import { ADDED, faults } from "./shapes.ts";
import { call, fail, succeed } from "./lab.ts";
import { below } from "../../src/control/rpc/paths.ts";

/** What the manager is asked by a call that succeeds. */
async function asked(method: string, args: Record<string, unknown>): Promise<Asked[]> {
  const manager = new FakeManager();
  await succeed(manager, method, args);
  return manager.asked;
}

Deno.test("rpc: actions ask the manager for the torrents that are named", async () => {
  assertEquals(await asked("torrent-start", { ids: [1, 2] }), [["start", [1, 2], false]]);
  assertEquals(await asked("torrent-start-now", { ids: 1 }), [["start", [1], true]]);
  assertEquals(await asked("torrent-stop", {}), [["stop", null]]);
  assertEquals(await asked("torrent-stop", { ids: [] }), [["stop", []]]);
  assertEquals(await asked("torrent-verify", { ids: HASH }), [["verify", [HASH]]]);
  assertEquals(await asked("torrent-reannounce", { ids: "recently-active" }), [
    ["reannounce", [1]],
  ]);
  for (const to of ["top", "up", "down", "bottom"]) {
    assertEquals(await asked(`queue-move-${to}`, { ids: [2] }), [["queue", [2], to]]);
  }
  assertEquals(await asked("torrent-remove", { ids: 3, "delete-local-data": true }), [
    ["remove", [3], true],
  ]);
  assertEquals(await asked("torrent-remove", { ids: 3 }), [["remove", [3], false]]);
});

Deno.test("rpc: torrent-set, every argument", async () => {
  assertEquals(
    await asked("torrent-set", {
      ids: 1,
      bandwidthPriority: 1,
      downloadLimit: 100,
      downloadLimited: true,
      honorsSessionLimits: 0,
      labels: ["linux", " iso ", "linux"],
      "peer-limit": 20,
      queuePosition: 3,
      seedIdleLimit: 5,
      seedIdleMode: 2,
      seedRatioLimit: 1.5,
      seedRatioMode: 1,
      sequential_download: true,
      firstLastPieces: true,
      maxTotal: 5_000,
      seed_time_limit: 90,
      seedTimeMode: 1,
      trackerAdd: ["udp://a.example:1/announce"],
      trackerRemove: [4],
      trackerReplace: [5, "http://b.example/announce"],
      trackerList: "http://c.example/a\nhttp://d.example/a\n\n\nudp://e.example:1\n",
      uploadLimit: 50,
      uploadLimited: true,
    }),
    [["set", [1], {
      bandwidth: "high",
      downloadLimit: 100_000,
      downloadLimited: true,
      honorsSession: false,
      labels: ["linux", "iso"],
      peerLimit: 20,
      position: 3,
      idleMinutes: 5,
      idleMode: "none",
      ratio: 1.5,
      ratioMode: "own",
      sequential: true,
      firstLast: true,
      maxTotal: 5_000,
      timeMinutes: 90,
      timeMode: "own",
      addTrackers: ["udp://a.example:1/announce"],
      removeTrackers: [4],
      replaceTrackers: [{ id: 5, url: "http://b.example/announce" }],
      trackers: [["http://c.example/a", "http://d.example/a"], ["udp://e.example:1"]],
      uploadLimit: 50_000,
      uploadLimited: true,
    }]],
  );
  assertEquals(await asked("torrent-set", { ids: 1 }), []);
});

// the first of the two files has priority high, the second is not wanted
Deno.test("rpc: wanted and priority of a file are two things to the RPC", async () => {
  const set = async (args: Record<string, unknown>) =>
    await asked("torrent-set", { ids: 1, ...args });
  assertEquals(await set({ "files-wanted": [0, 1] }), [
    ["set", [1], { filePriorities: [{ files: [1], priority: "normal" }] }],
  ]);
  assertEquals(await set({ "files-wanted": [] }), [
    ["set", [1], { filePriorities: [{ files: [1], priority: "normal" }] }],
  ]);
  assertEquals(await set({ "files-unwanted": [] }), [
    ["set", [1], { filePriorities: [{ files: [0], priority: "off" }] }],
  ]);
  assertEquals(await set({ "priority-low": [] }), [
    ["set", [1], { filePriorities: [{ files: [0], priority: "low" }] }],
  ]);
  assertEquals(await set({ "priority-high": [1] }), []);
  assertEquals(await set({ "priority-low": [1], files_wanted: [1], "files-unwanted": [0] }), [
    ["set", [1], {
      filePriorities: [{ files: [0], priority: "off" }, { files: [1], priority: "low" }],
    }],
  ]);
  for (const list of ["files-wanted", "files-unwanted", "priority-low", "priority-high"]) {
    const manager = new FakeManager();
    assertEquals(
      await fail(manager, "torrent-set", { ids: 1, downloadLimit: 1, [list]: [2] }),
      "file index out of range",
    );
    assertEquals(manager.asked, []);
  }
});

Deno.test("rpc: torrent-add takes a magnet, a hash, a file's bytes, a URL, a path in the folder", async () => {
  const manager = new FakeManager();
  const link = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=zed";
  const first = await succeed(manager, "torrent-add", { filename: link, paused: true });
  assertEquals(faults(first, { "torrent-added": ADDED }), []);
  assertEquals(first["torrent-added"].name, "zed");
  const hash = await succeed(manager, "torrent-add", { filename: link.slice(20, 60) });
  assertEquals(faults(hash, { "torrent-duplicate": ADDED }), []);
  const bytes = await succeed(manager, "torrent-add", {
    metainfo: btoa("d4:infode"),
    cookies: "a=b",
  });
  assertEquals(faults(bytes, { "torrent-duplicate": ADDED }), []);
  await succeed(manager, "torrent-add", { filename: "sub//a.torrent" });
  await succeed(manager, "torrent-add", { filename: "/srv/torrents/b.torrent" });
  assertEquals(
    manager.asked.flatMap(([method, given]) => method === "readTorrent" ? [given] : []),
    ["sub/a.torrent", "b.torrent"],
  );
  const fetched: [string, boolean][] = [];
  const fetchTorrent = (url: string, local: boolean): Promise<Bytes> => {
    fetched.push([url, local]);
    return Promise.resolve(utf8("de"));
  };
  const request = { method: "torrent-add", arguments: { filename: "http://a.example/b.torrent" } };
  await call(manager, request, { fetchTorrent });
  await call(manager, request, { fetchTorrent, local: false });
  assertEquals(fetched, [
    ["http://a.example/b.torrent", true],
    ["http://a.example/b.torrent", false],
  ]);
});

Deno.test("rpc: torrent-add passes on where, how and which files", async () => {
  const metainfo = btoa("d4:infode");
  const settingsOf = async (args: Record<string, unknown>) => {
    const [[, given] = []] = await asked("torrent-add", { metainfo, ...args });
    return given;
  };
  const torrent = utf8("d4:infode");
  assertEquals(
    await settingsOf({
      "download-dir": "/srv/torrents/tv/",
      paused: false,
      labels: ["tv"],
      "peer-limit": 9,
      bandwidthPriority: -1,
      sequential_download: true,
    }),
    {
      torrent,
      location: "tv",
      paused: false,
      settings: { labels: ["tv"], peerLimit: 9, bandwidth: "low", sequential: true },
    },
  );
  const files = async (args: Record<string, unknown>) =>
    await settingsOf(args) as { settings: { filePriorities: unknown } };
  assertEquals((await files({ "files-unwanted": [1, 2], "priority-high": [0, 1] })).settings, {
    filePriorities: [{ files: [0], priority: "high" }, { files: [1, 2], priority: "off" }],
  });
  assertEquals(
    (await files({ "files-unwanted": [], "files-wanted": [3], "priority-low": [3, 4] })).settings,
    {
      filePriorities: [
        { files: [], priority: "off" },
        { files: [3], priority: "normal" },
        { files: [3], priority: "low" },
      ],
    },
  );
  assertEquals((await files({ "priority-high": [] })).settings, {
    filePriorities: [{ files: [], priority: "high" }],
  });
  assertEquals((await files({ "files-wanted": [1] })).settings, { filePriorities: [] });
});

Deno.test("rpc: session-set changes what can be changed and passes over the rest", async () => {
  const manager = new FakeManager();
  await succeed(manager, "session-set", {
    "alt-speed-enabled": true,
    "alt-speed-time-begin": 60,
    "alt-speed-time-day": 65,
    "alt-speed-up": 7,
    "download-dir": "/srv/torrents/new",
    "script-torrent-done-enabled": true,
    "script-torrent-done-filename": "/bin/sh",
    "script_torrent_added_filename": "/bin/sh",
    "seedRatioLimit": 2.5,
    "speed-limit-down": 500,
    "speed-limit-down-enabled": true,
    "peer-port": 1,
    "max-day": 1_000_000,
    "seed-time-limit": 120,
    "seed-time-limit-enabled": true,
    "no-such-thing": 1,
  });
  assertEquals(manager.asked, [["setSession", {
    altEnabled: true,
    schedule: { ...SESSION_SETTINGS.schedule, begin: 60, days: 65 },
    altUploadLimit: 7_000,
    location: "new",
    ratio: 2.5,
    downloadLimit: 500_000,
    downloadLimited: true,
    maxDay: 1_000_000,
    timeMinutes: 120,
    timeEnabled: true,
  }]]);
  const session = await succeed(manager, "session-get");
  assertEquals(session["script-torrent-done-enabled"], false);
  assertEquals(session["script-torrent-done-filename"], "");
  assertEquals(session["download-dir"], "/srv/torrents/new");
  await succeed(manager, "session-set", { "script-torrent-done-enabled": true });
  assertEquals(manager.asked.length, 1);
});

Deno.test("rpc: encryption in Transmission's three words", async () => {
  for (
    const [word, encryption] of [
      ["preferred", "prefer"],
      ["required", "require"],
      ["tolerated", "tolerate"],
    ] as const
  ) {
    assertEquals(await asked("session-set", { encryption: word }), [["setSession", {
      encryption,
    }]]);
    const manager = new FakeManager();
    manager.settings = { ...SESSION_SETTINGS, encryption };
    assertEquals((await succeed(manager, "session-get", {}))["encryption"], word);
  }
  for (const wrong of ["off", "", 1, true, ["required"]]) {
    assertStringIncludes(
      await fail(new FakeManager(), "session-set", { encryption: wrong }),
      "encryption",
    );
  }
});

Deno.test("rpc: location and rename", async () => {
  assertEquals(
    await asked("torrent-set-location", { ids: 1, location: "/srv/torrents/x", move: true }),
    [["relocate", [1], "x", true]],
  );
  assertEquals(await asked("torrent-set-location", { ids: 1, location: "/srv/torrents" }), [
    ["relocate", [1], "", false],
  ]);
  const manager = new FakeManager();
  const renamed = await succeed(manager, "torrent-rename-path", {
    ids: [HASH],
    path: "beta/one",
    name: "uno",
  });
  assertEquals(renamed, { id: 1, name: "uno", path: "beta/one" });
  assertEquals(manager.asked, [["rename", 1, "beta/one", "uno"]]);
  for (const ids of [[1, 2], [], [77]]) {
    assertEquals(
      await fail(manager, "torrent-rename-path", { ids, path: "beta", name: "x" }),
      "torrent-rename-path requires 1 torrent",
    );
  }
});

Deno.test("rpc: no method that takes a path leaves the folder", async () => {
  const outside = [
    "/etc",
    "/",
    "/srv",
    "/srv/torrents2",
    "/srv/torrents/../x",
    "..",
    "a/../../b",
    "/srv/torrents/a/..",
    "a\0b",
    "x".repeat(5_000),
    "/srv/./torrentsx/y",
  ];
  const magnet = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";
  for (const path of outside) {
    const calls: [string, Record<string, unknown>][] = [
      ["torrent-add", { filename: magnet, "download-dir": path }],
      ["torrent-add", { filename: path }],
      ["torrent-set-location", { ids: 1, location: path, move: true }],
      ["torrent-set", { ids: 1, location: path }],
      ["session-set", { "download-dir": path }],
      ["free-space", { path }],
      ["torrent-rename-path", { ids: 1, path: "beta", name: path }],
    ];
    for (const [method, args] of calls) {
      const manager = new FakeManager();
      assertStringIncludes(await fail(manager, method, args), "Expected", `${method} ${path}`);
      assertEquals(manager.asked, []);
    }
  }
  for (const path of ["beta/../x", ".."]) {
    assertStringIncludes(
      await fail(new FakeManager(), "torrent-rename-path", { ids: 1, path, name: "x" }),
      "Expected",
    );
  }
  assertEquals(below("/srv/torrents/", "/srv/torrents//a/./b/"), "a/b");
  assertEquals(below("C:\\dl", "c:\\DL\\a/b", true), "a/b");
});

Deno.test("rpc: what the manager throws is told in words of the RPC", async () => {
  const manager = new FakeManager();
  const cases: [Error, string][] = [
    [new UsageError("No such place"), "No such place"],
    [
      new MetainfoError("info.name", "Expected a name"),
      "invalid or corrupt torrent file: Expected a name",
    ],
    [new StorageError("disk-full", "/srv", "The disk is full"), "The disk is full"],
    [new Error("Something else"), "Something else"],
  ];
  for (const [failure, result] of cases) {
    manager.failure = failure;
    assertEquals(await fail(manager, "torrent-stop", { ids: 1 }), result);
  }
});
