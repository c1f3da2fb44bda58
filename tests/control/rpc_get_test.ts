import { assert, assertEquals } from "@std/assert";
import { call, fail, succeed } from "./lab.ts";
import { FakeManager, HASH, torrentView } from "./fake_manager.ts";
import { faults, SESSION, STATS, TORRENT } from "./shapes.ts";
import { snake } from "../../src/control/rpc/names.ts";

Deno.test("rpc: torrent-get has every field of rpc-version 16, each with its type", async () => {
  const { torrents } = await succeed(new FakeManager(), "torrent-get", {
    fields: Object.keys(TORRENT),
  });
  assertEquals(torrents.length, 2);
  for (const torrent of torrents) assertEquals(faults(torrent, TORRENT), []);
});

Deno.test("rpc: the fields of a download, one by one", async () => {
  const { torrents: [torrent] } = await succeed(new FakeManager(), "torrent-get", {
    ids: 1,
    fields: [...Object.keys(TORRENT), "fileCount", "file-count", "trackerList", "percentComplete"],
  });
  const expected = {
    activityDate: 1_795_346_590,
    addedDate: 1_795_346_582,
    bandwidthPriority: 0,
    desiredAvailable: 37_856,
    doneDate: 0,
    downloadDir: "/srv/torrents",
    downloadLimit: 100,
    downloadLimited: false,
    error: 0,
    errorString: "",
    eta: 38,
    etaIdle: -1,
    fileCount: 2,
    "file-count": 2,
    files: [
      { bytesCompleted: 200_000, length: 200_000, name: "beta/one" },
      { bytesCompleted: 62_144, length: 100_000, name: "beta/two" },
    ],
    fileStats: [
      { bytesCompleted: 200_000, priority: 1, wanted: true },
      { bytesCompleted: 62_144, priority: 0, wanted: false },
    ],
    hashString: HASH,
    labels: ["linux", "iso"],
    leftUntilDone: 37_856,
    percentDone: 262_144 / 300_000,
    pieces: "gA==",
    priorities: [1, 0],
    rateDownload: 1000,
    seedIdleMode: 0,
    seedRatioMode: 1,
    sizeWhenDone: 300_000,
    status: 4,
    trackerList: "http://tracker.example.org:6969/announce\n",
    uploadRatio: 0.5,
    wanted: [1, 0],
  };
  for (const [name, value] of Object.entries(expected)) {
    assertEquals(torrent[name], value, name);
  }
  assertEquals(torrent.peers[0].flagStr, "DuHI");
  const [{ host, sitename, lastAnnounceResult, announceState }] = torrent.trackerStats;
  assertEquals(
    [host, sitename, lastAnnounceResult, announceState],
    ["http://tracker.example.org:6969", "example", "Success", 1],
  );
});

Deno.test("rpc: what a torrent does, lacks and suffers from is numbered as in Transmission", async () => {
  const manager = new FakeManager();
  const activities = [
    "stopped",
    "check-wait",
    "checking",
    "download-wait",
    "downloading",
    "seed-wait",
    "seeding",
  ] as const;
  manager.views = activities.map((activity, i) =>
    torrentView(i + 1, { activity, eta: null, downloaded: 0, valid: 0, uploaded: i })
  );
  const fields = ["status", "eta", "uploadRatio"];
  const { torrents } = await succeed(manager, "torrent-get", { fields, format: "table" });
  assertEquals(torrents, [
    fields,
    [0, -1, -1],
    [1, -1, -2],
    [2, -1, -2],
    [3, -1, -2],
    [4, -2, -2],
    [5, -1, -2],
    [6, -2, -2],
  ]);
  manager.views = [
    torrentView(1, { trouble: { kind: "tracker-warning", message: "slow" } }),
    torrentView(2, {
      trouble: { kind: "tracker-error", fault: "silent", said: "", message: "gone" },
    }),
    torrentView(3, {
      trouble: { kind: "local", reason: "disk-full", message: "full", path: null, missing: 9 },
    }),
  ];
  const troubled = await succeed(manager, "torrent-get", { fields: ["error", "errorString"] });
  assertEquals(troubled.torrents, [
    { error: 1, errorString: "slow" },
    { error: 2, errorString: "gone" },
    { error: 3, errorString: "full" },
  ]);
});

Deno.test("rpc: a table has the header that was asked for, without what is not known", async () => {
  const fields = ["id", "noSuchField", "constructor", "name", "id"];
  const { torrents } = await succeed(new FakeManager(), "torrent-get", { fields, format: "table" });
  assertEquals(torrents, [["id", "name"], [1, "beta"], [2, "torrent 2"]]);
  assertEquals(await fail(new FakeManager(), "torrent-get"), "no fields specified");
});

Deno.test("rpc: ids are a number, a hash, a list of both, recently-active, or all", async () => {
  const manager = new FakeManager();
  const get = async (ids?: unknown) => {
    const { torrents, removed } = await succeed(manager, "torrent-get", {
      fields: ["id"],
      ...(ids !== undefined && { ids }),
    });
    return [torrents.map(({ id }: { id: number }) => id), removed];
  };
  assertEquals(await get(), [[1, 2], undefined]);
  assertEquals(await get(null), [[1, 2], undefined]);
  assertEquals(await get(2), [[2], undefined]);
  assertEquals(await get(HASH.toUpperCase()), [[1], undefined]);
  assertEquals(await get([HASH, 2, 77, "no such hash"]), [[1, 2], undefined]);
  assertEquals(await get([]), [[], undefined]);
  assertEquals(await get("recently-active"), [[1], [3]]);
  for (const ids of [{}, true, 1.5, [[1]], ["x".repeat(65)], [null]]) {
    assertEquals(
      await fail(manager, "torrent-get", { fields: ["id"], ids }),
      "Expected numbers or info hashes of torrents for ids",
      JSON.stringify(ids),
    );
  }
});

Deno.test("rpc: what the program was started without is shown as off, whatever is set", async () => {
  const manager = new FakeManager();
  const fields = ["dht-enabled", "pex-enabled", "lpd-enabled", "port-forwarding-enabled"];
  const ways = ["utp-enabled", "tcp-enabled", "preferred-transports"];
  const values = async (names: readonly string[]) =>
    Object.values(await succeed(manager, "session-get", { fields: names }));
  for (const on of [true, false]) {
    const utp = true;
    manager.settings = { ...manager.settings, dht: on, pex: on, lsd: on, portMapping: on, utp };
    manager.lacks = [];
    assertEquals(await values(fields), [on, on, on, on]);
    assertEquals(await values(ways), [true, true, ["tcp", "utp"]]);
    manager.lacks = ["dht", "pex", "lsd", "portMapping", "utp"];
    assertEquals(await values(fields), [false, false, false, false]);
    assertEquals(await values(ways), [false, true, ["tcp"]]);
  }
  manager.settings = { ...manager.settings, utp: false };
  manager.lacks = ["tcp"];
  assertEquals(await values(ways), [true, false, ["utp"]], "there is nothing but uTP");
});

Deno.test("rpc: session-get has every field of rpc-version 16, each with its type", async () => {
  const manager = new FakeManager();
  const fields = Object.keys(SESSION);
  assertEquals(faults(await succeed(manager, "session-get", { fields }), SESSION), []);
  const all = await succeed(manager, "session-get");
  for (const field of fields) assert(field in all, field);
  assertEquals(all["version"], "3.00 (TorrentManager 1.2.3)");
  assertEquals([all["rpc-version"], all["rpc-version-minimum"]], [16, 14]);
  assertEquals([all["speed-limit-down"], all["speed-limit-up"]], [100, 200]);
  assertEquals(all["units"]["speed-bytes"], 1000);
  assertEquals(await succeed(manager, "session-get", { fields: ["peer-port", "nonsense"] }), {
    "peer-port": 6881,
  });
});

Deno.test("rpc: session-stats, free-space, port-test, blocklist-update", async () => {
  const manager = new FakeManager();
  assertEquals(faults(await succeed(manager, "session-stats"), STATS), []);
  assertEquals(await succeed(manager, "free-space", { path: "/srv/torrents/a" }), {
    path: "/srv/torrents/a",
    "size-bytes": 1000,
    total_size: 4000,
  });
  assertEquals(await succeed(manager, "port-test"), { "port-is-open": true });
  manager.port = null;
  assertEquals(
    await fail(manager, "port-test"),
    "portTested: not known, nobody from outside has connected so far",
  );
  assertEquals(await succeed(manager, "blocklist-update"), { "blocklist-size": 12 });
});

Deno.test("rpc: the tag is echoed, unknown methods are said to be", async () => {
  const manager = new FakeManager();
  for (const tag of [0, 39_693, -1, 1.5, "text"]) {
    assertEquals(await call(manager, { method: "torrent-stop", tag }), {
      arguments: {},
      result: "success",
      tag,
    });
  }
  assertEquals(await call(manager, { method: "torrent-stop" }), {
    arguments: {},
    result: "success",
  });
  for (const method of ["nope", "", "constructor", "__proto__", "torrent_nope"]) {
    assertEquals(await call(manager, { method, tag: 3 }), {
      arguments: {},
      result: "method name not recognized",
      tag: 3,
    });
  }
  assertEquals(await call(manager, { tag: 3 }), {
    arguments: {},
    result: "no method name",
    tag: 3,
  });
});

Deno.test("rpc: names of 4.1 follow from those of 3.00", () => {
  const pairs = {
    "hashString": "hash_string",
    "isUTP": "is_utp",
    "peer-limit": "peer_limit",
    "seedRatioLimit": "seed_ratio_limit",
    "files-wanted": "files_wanted",
    "sizeWhenDone": "size_when_done",
    "alt-speed-time-begin": "alt_speed_time_begin",
    "webseedsSendingToUs": "webseeds_sending_to_us",
    "total_size": "total_size",
    "torrent-rename-path": "torrent_rename_path",
    "cache-size-mb": "cache_size_mb",
    "eta": "eta",
  };
  for (const [name, form] of Object.entries(pairs)) assertEquals(snake(name), form);
});

Deno.test("rpc: ours, under names of both forms", async () => {
  const fields = [
    "why",
    "trackerFaults",
    "first_last_pieces",
    "sequential_download",
    "sequentialDownload",
  ];
  const { torrents: [torrent] } = await succeed(new FakeManager(), "torrent-get", {
    ids: 1,
    fields,
  });
  assertEquals(torrent, {
    trackerFaults: [{ id: 0, fault: null, said: "" }],
    why: {
      code: "peers",
      values: {},
      text: "waiting for peers",
      causes: [{
        cause: "no-peers",
        values: { count: 1, total: 1 },
        text: "none",
        advice: "wait",
      }],
    },
    first_last_pieces: true,
    sequential_download: false,
    sequentialDownload: false,
  });
  assertEquals(await succeed(new FakeManager(), "doctor"), {
    findings: [{
      subject: "port",
      state: "bad",
      code: "port-unknown",
      values: { port: 6881, count: 0 },
      text: "closed",
      advice: "open it",
    }],
  });
});

Deno.test("rpc: the receipt is told as it is now, in both forms", async () => {
  const rights = [{ name: "read", state: "some", only: ["/srv/t"] }] as const;
  const context = { receipt: () => [{ part: "engine", rights }] as const };
  const told = { parts: [{ part: "engine", rights }] };
  assertEquals(await call(new FakeManager(), { method: "receipt" }, context), {
    arguments: told,
    result: "success",
  });
  const request = { jsonrpc: "2.0", method: "receipt", id: 1 };
  assertEquals(await call(new FakeManager(), request, context), {
    jsonrpc: "2.0",
    result: told,
    id: 1,
  });
});
