import { assertEquals } from "@std/assert";
import {
  changeArguments,
  changed,
  choiceArguments,
  wantedSum,
} from "../../../src/control/web/page/file_choice.ts";
import { entriesOf } from "../../../src/control/web/page/file_facts.ts";
import { isMagnet, mayNameTorrent } from "../../../src/control/web/page/links.ts";
import { succeed } from "../lab.ts";
import { FakeManager } from "../fake_manager.ts";

const FILES = [10, 20, 30].map((length, index) => (
  { path: `show/${index}`, length, done: 0, wanted: true, priority: 0 }
));

Deno.test("page: a choice of files changes what it says, and nothing else", () => {
  const some = changed(changed(FILES, [0, 2], { wanted: false }), [1], { priority: 1 });
  assertEquals(some.map(({ wanted }) => wanted), [false, true, false]);
  assertEquals(some.map(({ priority }) => priority), [0, 1, 0]);
  assertEquals([wantedSum(some), wantedSum(FILES)], [
    { count: 1, bytes: 20 },
    { count: 3, bytes: 60 },
  ]);
});

Deno.test("page: a choice is told so that no list means all by being empty", () => {
  assertEquals(choiceArguments(FILES), { "files-wanted": [], "priority-normal": [] });
  assertEquals(choiceArguments(changed(FILES, [0, 1, 2], { wanted: false })), {
    "files-unwanted": [],
  });
  const some = changed(changed(FILES, [0], { wanted: false }), [1], { priority: -1 });
  assertEquals(choiceArguments(some), {
    "files-unwanted": [0],
    "files-wanted": [1, 2],
    "priority-low": [1],
    "priority-normal": [2],
  });
  assertEquals(changeArguments([], { wanted: true }), null);
  assertEquals(changeArguments([2], { wanted: false }), { "files-unwanted": [2] });
  assertEquals(changeArguments([1, 2], { priority: 1 }), { "priority-high": [1, 2] });
});

Deno.test("page: its choice is understood by the manager", async () => {
  const manager = new FakeManager();
  const { torrents: [torrent] } = await succeed(manager, "torrent-get", {
    ids: [1],
    fields: ["files", "fileStats"],
  });
  const entries = entriesOf(torrent);
  const wanted = changed(changed(entries, [0], { wanted: false }), [1], { wanted: true });
  const choice = changed(wanted, [1], { priority: 1 });
  await succeed(manager, "torrent-set", { ids: [1], ...choiceArguments(choice) });
  const filePriorities = [
    { files: [0], priority: "off" },
    { files: [1], priority: "high" },
  ];
  assertEquals(manager.asked, [["set", [1], { filePriorities }]]);
});

Deno.test("page: links are told from addresses of files", () => {
  const links = ["magnet:?xt=urn:btih:a", "MAGNET:?x", "a".repeat(40), "B2".repeat(16)];
  for (const link of links) assertEquals(isMagnet(link), true, link);
  for (const other of ["https://a/x.torrent", "show.torrent", "abc"]) {
    assertEquals(isMagnet(other), false, other);
  }
});

Deno.test("page: what can name a torrent is told from other words", () => {
  const names = [
    "magnet:?x",
    "a".repeat(40),
    "HTTPS://a/x",
    "show.torrent",
    "/watched/show.TORRENT",
  ];
  for (const name of names) assertEquals(mayNameTorrent(name), true, name);
  for (const other of ["hello world", "debian", "ubuntu-24.04.iso"]) {
    assertEquals(mayNameTorrent(other), false, other);
  }
});
