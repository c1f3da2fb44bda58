import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { checkPosition, patchSession, patchTorrent } from "../../src/manager/check_patch.ts";
import { SESSION_DEFAULTS, TORRENT_DEFAULTS } from "../../src/manager/defaults.ts";
import { editTrackers } from "../../src/manager/edit_trackers.ts";
import { checkName, parseLocation } from "../../src/manager/locations.ts";
import { nameRules } from "../../src/metainfo/mod.ts";

Deno.test("what is not named stays, what is named is checked", () => {
  const patched = patchTorrent(TORRENT_DEFAULTS, { downloadLimit: 5.4, labels: [" a ", "b", "a"] });
  assertEquals(patched, { ...TORRENT_DEFAULTS, downloadLimit: 5, labels: ["a", "b"] });
  const other = patchSession(SESSION_DEFAULTS, { location: "a/./b//c", ratio: 0.5 });
  assertEquals(other, { ...SESSION_DEFAULTS, location: "a/b/c", ratio: 0.5 });
  assertEquals(patchTorrent(TORRENT_DEFAULTS, { unknown: 1 } as never), TORRENT_DEFAULTS);
});

Deno.test("values of the wrong kind or out of range are refused by name", () => {
  const torrent: Record<string, unknown[]> = {
    downloadLimit: [-1, NaN, Infinity, "5", null, 1e300, {}],
    downloadLimited: [1, "true", null],
    bandwidth: ["highest", 1, null],
    peerLimit: [0, 10_001],
    ratio: [-0.1, NaN, "2"],
    ratioMode: ["", "global"],
    labels: ["a", [1], [""], ["a,b"], ["x".repeat(201)], Array(65).fill("x"), null],
  };
  for (const [key, values] of Object.entries(torrent)) {
    for (const value of values) {
      const patch = { [key]: value };
      assertThrows(() => patchTorrent(TORRENT_DEFAULTS, patch), UsageError, key, `${value}`);
    }
  }
  const session: Record<string, unknown[]> = {
    schedule: [null, 5, {}, { enabled: true, begin: 1440, end: 0, days: 1 }, {
      enabled: true,
      begin: 0,
      end: 0,
      days: 128,
    }],
    filterUrl: ["x".repeat(2049), 5],
    peerLimitGlobal: [0, -5],
    maxMonth: [-1],
  };
  for (const [key, values] of Object.entries(session)) {
    for (const value of values) {
      assertThrows(() => patchSession(SESSION_DEFAULTS, { [key]: value }), UsageError, key);
    }
  }
  for (const position of [-1, NaN, Infinity, "1" as never]) {
    assertThrows(() => checkPosition(position), UsageError, "position");
  }
  checkPosition(undefined);
  checkPosition(0);
});

Deno.test("places below the folder, and none outside, none of tm's own", () => {
  const rules = nameRules("linux");
  assertEquals(parseLocation("", rules), []);
  assertEquals(parseLocation("./a/b c//", rules), ["a", "b c"]);
  const bad = [
    "/",
    "/etc",
    "..",
    "a/../..",
    "a/..",
    ".tm",
    ".TM/x",
    "./.tm",
    "a\0b",
    "a/".repeat(33),
  ];
  for (const text of bad) assertThrows(() => parseLocation(text, rules), UsageError, "", text);
  for (const text of ["a\\b", "CON", "a:b", "x."]) {
    assertThrows(() => parseLocation(text, nameRules("windows")), UsageError, "", text);
  }
  for (const name of ["", ".", "..", "a/b", "a\0"]) {
    assertThrows(() => checkName(name, rules), UsageError, "plain name", name);
  }
  assertEquals(checkName("a b.txt", rules), "a b.txt");
});

Deno.test("trackers are numbered through their tiers; adding what is there changes nothing", () => {
  const tiers = [["http://a/x", "http://b/x"], ["udp://c:1"]];
  assertEquals(editTrackers(tiers, {}), null);
  assertEquals(editTrackers(tiers, { addTrackers: ["http://b/x", "https://d/x", "https://d/x"] }), [
    ...tiers,
    ["https://d/x"],
  ]);
  assertEquals(editTrackers(tiers, { removeTrackers: [0, 1] }), [["udp://c:1"]]);
  assertEquals(
    editTrackers(tiers, { removeTrackers: [2], replaceTrackers: [{ id: 1, url: "http://e/x" }] }),
    [["http://a/x", "http://e/x"]],
  );
  assertEquals(editTrackers(tiers, { trackers: [["http://f/x"], []] }), [["http://f/x"]]);
  assertEquals(editTrackers(tiers, { trackers: [] }), []);
});

Deno.test("numbers of no tracker, other protocols and too many are refused", () => {
  const tiers = [["http://a/x"]];
  for (const id of [1, -1, NaN]) {
    assertThrows(() => editTrackers(tiers, { removeTrackers: [id] }), UsageError, `${id}`);
    const replaceTrackers = [{ id, url: "http://b/x" }];
    assertThrows(() => editTrackers(tiers, { replaceTrackers }), UsageError, `${id}`);
  }
  for (
    const url of [
      "",
      "file:///etc/passwd",
      "ws://a/x",
      "http://",
      "x".repeat(3000),
      "http://a/" + "x".repeat(2048),
    ]
  ) {
    assertThrows(() => editTrackers(tiers, { addTrackers: [url] }), UsageError, "tracker");
    assertThrows(() => editTrackers(tiers, { trackers: [[url]] }), UsageError, "tracker");
  }
  const many = Array.from({ length: 100 }, (_, i) => `http://t${i}/x`);
  assertThrows(() => editTrackers(tiers, { addTrackers: many }), UsageError, "at most 100");
});
