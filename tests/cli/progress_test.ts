import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { loadWidths, width } from "../../src/cli/printable.ts";
import { renderProgress } from "../../src/cli/progress.ts";
import type { Activity, TorrentView } from "../../src/cli/torrent_view.ts";

const MIB = 2 ** 20;

function view(name: string, more: Partial<TorrentView> = {}): TorrentView {
  const activity: Activity = {
    phase: "downloading",
    downRate: 12.3 * MIB,
    upRate: 100,
    peers: 5,
    known: 23,
    webseeds: 0,
    eta: 12,
  };
  const done = 107.5 * MIB;
  return {
    id: name,
    name,
    size: 256 * MIB,
    done,
    complete: false,
    uploaded: 0,
    activity,
    waiting: null,
    ...more,
  };
}

function line(columns: number, ...views: TorrentView[]): string[] {
  return renderProgress(views, columns, 24, 0);
}

const HOSTILE = [
  "debian-12.iso",
  "日本語のとても長い名前のファイル.mkv",
  "\x1b[2J\x1b[1;1Hgone\r\n\x07",
  "a\u202egpj.exe",
  "👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧👩‍👩‍👧‍👧",
  "e" + "\u0301".repeat(300),
  "x".repeat(255),
  "",
];
const ACTIVITIES: Activity[] = [
  { phase: "starting" },
  { phase: "checking", checked: 3 * MIB },
  { phase: "hashing", checked: 0 },
  {
    phase: "downloading",
    downRate: 1023.9 * MIB,
    upRate: 1023.9 * MIB,
    peers: 500,
    known: 10_000,
    webseeds: 20,
    eta: 1e9,
  },
  { phase: "downloading", downRate: 0, upRate: 0, peers: 0, known: 0, webseeds: 0, eta: null },
  { phase: "seeding", downRate: 0, upRate: 5 * MIB, peers: 5, known: 23, webseeds: 0, eta: null },
  { phase: "stopped", downRate: 0, upRate: 0, peers: 0, known: 0, webseeds: 0, eta: null },
];

for (const columns of [20, 21, 30, 40, 60, 79, 80, 120, 200]) {
  await loadWidths(["é"]);

  Deno.test(`at ${columns} columns no line is wider, whatever the name and the figures`, () => {
    for (const name of HOSTILE) {
      for (const activity of ACTIVITIES) {
        for (const size of [1, 256 * MIB, 2 ** 45]) {
          const [text] = line(columns, view(name, { activity, size, done: size }));
          assert(width(text!) <= columns, `${width(text!)} columns: ${text}`);
          // deno-lint-ignore no-control-regex -- what must not be there
          assert(!/[\x00-\x1f\x7f-\x9f\u202a-\u202e]/.test(text!), JSON.stringify(text));
        }
      }
    }
  });
}

Deno.test("at 80 columns every figure is there", () => {
  const expected =
    "debian-12.iso ██████░░░░░░░░░░  41% 107.5/256.0MiB ↓12.3MiB/s ↑100B/s 5/23   12s";
  assertEquals(line(80, view("debian-12.iso")), [expected]);
});

Deno.test("at 120 columns the bar takes the room", () => {
  const [text] = line(120, view("debian-12.iso"));
  assertEquals((text!.match(/[█░]/g) ?? []).length, 40);
});

Deno.test("at 40 columns name, percentage, speed and time are left", () => {
  const [text] = line(40, view("debian-12.iso"));
  for (const part of ["debian", "41%", "↓12.3MiB/s"]) assertStringIncludes(text!, part);
});

Deno.test("at 20 columns name and percentage are left", () => {
  assertEquals(line(20, view("debian-12.iso")), ["debian-12.iso    41%"]);
});

Deno.test("lines of several torrents stand in columns", () => {
  const lines = line(100, view("a"), view("日本語"), view("x".repeat(80)));
  const ends = lines.map((text) => width(text.slice(0, text.indexOf("%"))));
  assertEquals(new Set(ends).size, 1);
});

Deno.test("while checking the bar shows what was read", () => {
  const activity = { phase: "checking", checked: 64 * MIB } as const;
  const [text] = line(80, view("a", { activity, done: 0 }));
  assertStringIncludes(text!, "25%");
  assertStringIncludes(text!, "checking");
});

Deno.test("more torrents than rows are counted, not drawn", () => {
  const views = Array.from({ length: 50 }, (_, i) => view(`t${i}`));
  const lines = renderProgress(views, 80, 10, 0);
  assertEquals(lines.length, 8);
  assertEquals(lines.at(-1), "… and 43 more");
});

Deno.test("the bar is full only when everything is there", () => {
  const [text] = line(120, view("a", { done: 256 * MIB - 1 }));
  assertStringIncludes(text!, "░");
  assertStringIncludes(text!, "99%");
});
