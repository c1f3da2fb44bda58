/** What `tm get` shows of a download that waits. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Waiting } from "../../src/session/mod.ts";
import { width } from "../../src/cli/printable.ts";
import { renderProgress } from "../../src/cli/progress.ts";
import { Terminal } from "../../src/cli/terminal.ts";
import { newView } from "../../src/cli/torrent_view.ts";
import { wrap } from "../../src/cli/wrap.ts";
import { completes, FakeEngine, objects, progress, shown, torrentOf, World } from "./world.ts";

const NO_PEERS = {
  cause: "no-peers",
  values: { count: 1, total: 1 },
  text: "the tracker answers, but knows no other peers",
  advice: "wait until somebody serves it, or name a peer with --peer HOST:PORT",
} as const;
const REFUSED = {
  cause: "peers-refused",
  values: { count: 1, total: 1, name: "1.2.3.4:5" },
  text: "peer 1.2.3.4:5 refuses the connection",
  advice: "nothing listens there now: check the port, or wait for other peers",
} as const;
const CHOKED = {
  cause: "choked",
  values: { count: 1, useful: 1, connected: 1 },
  text: "the one peer connected serves only others now (choked)",
  advice: "wait: places change about every half minute",
} as const;

const WAITING: Waiting = {
  stage: "peers",
  text: "waiting for peers",
  seconds: 10,
  tried: {
    known: 3,
    connecting: 1,
    failed: { refused: 1, silent: 1 },
    next: 4,
    connected: 0,
    useful: 0,
    unchoked: 0,
  },
  trackers: [
    {
      url: "http://t.example/announce",
      state: "ok",
      message: null,
      peers: 0,
      seeders: 0,
      next: 1800,
    },
    {
      url: "wss://w.example",
      state: "unsupported",
      message: "Trackers with wss: URLs are not supported",
      peers: null,
      seeders: null,
      next: null,
    },
  ],
  dht: null,
  webseeds: [
    {
      url: "http://w.example/",
      state: "failed",
      message: "It asks us to come later (HTTP status 503)",
      next: 8,
    },
    { url: "http://x.example/", state: "gone", message: null, next: null },
  ],
  sources: [
    { url: "http://s.example/a.torrent", state: "idle", message: null, next: null },
    {
      url: "http://t.example/b.torrent",
      state: "gone",
      message: "Its info hash is another",
      next: null,
    },
  ],
  causes: [NO_PEERS, REFUSED],
};

const waits = (engine: FakeEngine, torrent: string, over: Partial<Waiting> = {}) =>
  engine.emit({ type: "waiting", torrent, ...WAITING, ...over });

Deno.test("on a terminal a line below the torrent says why it waits and how long, until it moves", async () => {
  const world = new World().onTerminal();
  const line = "  waiting for peers 25s: the tracker answers, but knows no other peers\n";
  await shown(world, (engine, id) => {
    waits(engine, id);
    world.advance(15_000);
    engine.emit(progress(id));
    assertStringIncludes(world.stdout.text, line);
    world.stdout.text = "";
    engine.emit({ type: "moving", torrent: id, seconds: 15 });
    world.advance(500);
    engine.emit(progress(id));
    assertEquals(world.stdout.text.includes("waiting"), false);
  });
  // what was drawn in place is not told a second time
  assertEquals(world.stderr.text, "");
});

Deno.test("not on a terminal a line comes when the reason changes, the same not twice in a minute", async () => {
  const world = new World();
  await shown(world, (engine, id) => {
    const other = { stage: "unchoke", text: "waiting to be served", causes: [CHOKED] } as const;
    waits(engine, id);
    for (let round = 0; round < 2; round++) {
      world.advance(10_000);
      waits(engine, id, { ...other, seconds: 20 });
      world.advance(10_000);
      waits(engine, id, { seconds: 30 });
    }
    world.advance(60_000);
    // the last line says it still
    waits(engine, id, { ...other, seconds: 130 });
    waits(engine, id, { seconds: 140 });
    // the progress has a line of its own for it
    waits(engine, id, { stage: "reader", text: "waiting for the reader", seconds: 150 });
  });
  const lines = world.stdout.text.split("\n").filter((line) => line.includes("waiting"));
  assertEquals(lines, [
    "a.bin: waiting for peers 10s: the tracker answers, but knows no other peers",
    "a.bin: waiting to be served 20s: the one peer connected serves only others now (choked)",
    "a.bin: waiting for peers 2m20s: the tracker answers, but knows no other peers",
  ]);
});

Deno.test("-v tells everything: what was tried, each tracker, and the causes with what to do", async () => {
  const world = await shown(new World(), (engine, id) => {
    waits(engine, id);
    waits(engine, id, { seconds: 70 });
    engine.emit({ type: "moving", torrent: id, seconds: 75 });
  }, "-v");
  const block = [
    "a.bin: waiting for peers, 10s so far",
    "  tried    3 addresses known, 1 being connected, 1 did not answer, 1 refused,",
    "           next in 4s",
    "  peers    none connected",
    "  tracker  http://t.example/announce: 0 peers, 0 seeding; asked in 30m00s",
    "  tracker  wss://w.example: Trackers with wss: URLs are not supported",
    "  web      http://w.example/: It asks us to come later (HTTP status 503); asked",
    "           in 8s",
    "  web      http://x.example/: asked no more",
    "  source   http://s.example/a.torrent: not asked yet",
    "  source   http://t.example/b.torrent: Its info hash is another; asked no more",
    "  likely causes",
    "  1. the tracker answers, but knows no other peers",
    "     → wait until somebody serves it, or name a peer with --peer HOST:PORT",
    "  2. peer 1.2.3.4:5 refuses the connection",
    "     → nothing listens there now: check the port, or wait for other peers",
    "a.bin: goes on after 1m15s",
    "",
  ];
  const at = world.stderr.text.indexOf("a.bin: waiting");
  assertEquals(world.stderr.text.slice(at).split("\n"), block);
  assertEquals(world.stdout.text.includes("waiting"), false);
});

Deno.test("a stall ends with the stage, the first cause and all causes; -q keeps to the first line", async () => {
  for (const quiet of [false, true]) {
    const world = new World();
    await shown(world, (engine, torrent) =>
      engine.emit({
        type: "error",
        torrent,
        reason: "stalled",
        message:
          "No data for 300 s, waiting for peers: the tracker answers, but knows no other peers",
        path: null,
        missing: null,
        waiting: WAITING,
      }), ...(quiet ? ["-q"] : []));
    const lines = [
      "Error: a.bin: No data for 300 s, waiting for peers: the tracker answers, but knows no other peers",
      "  1. the tracker answers, but knows no other peers",
      "     → wait until somebody serves it, or name a peer with --peer HOST:PORT",
      "  2. peer 1.2.3.4:5 refuses the connection",
      "     → nothing listens there now: check the port, or wait for other peers",
    ];
    assertEquals(world.stderr.text.trimEnd().split("\n"), quiet ? lines.slice(0, 1) : lines);
  }
});

Deno.test("--json passes the events on as they are", async () => {
  const world = await shown(new World(), (engine, id) => {
    waits(engine, id);
    engine.emit({ type: "moving", torrent: id, seconds: 12 });
  }, "--json");
  const [waiting, moving] = objects(world.stdout.text);
  const { type, torrent, ...rest } = waiting!;
  assertEquals(type, "waiting");
  assertEquals(rest, JSON.parse(JSON.stringify(WAITING)));
  assertEquals(moving, { type: "moving", torrent, seconds: 12 });
  assertEquals(world.stderr.text, "");
});

Deno.test("what trackers and peers say cannot steer the terminal", async () => {
  const evil = "\x1b[2J\x9b1;1Hx\r\n\u202e";
  for (const options of [[], ["-v"]]) {
    const world = await shown(new World(), (engine, torrent) => {
      const trackers = [{ ...WAITING.trackers[0]!, url: `http://${evil}`, message: evil }];
      const causes = [{ ...NO_PEERS, text: evil, advice: evil }] as const;
      waits(engine, torrent, { trackers, causes });
      const end = { type: "error", reason: "stalled", path: null, missing: null } as const;
      const waiting = { ...WAITING, trackers, causes };
      engine.emit({ ...end, torrent, message: evil, waiting });
    }, ...options);
    const text = world.stdout.text + world.stderr.text;
    // deno-lint-ignore no-control-regex -- what must not be there
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(text), JSON.stringify(text));
  }
});

Deno.test("on a terminal no line of it is wider, however long names and messages are", async () => {
  for (const columns of [40, 80]) {
    const world = new World().onTerminal();
    world.columns = columns;
    const long = "word ".repeat(60).trim();
    await shown(world, (engine, torrent) => {
      const tracker = { ...WAITING.trackers[0]!, message: long };
      const causes = [{ ...NO_PEERS, text: long, advice: long }] as const;
      const many = new Array(30).fill(tracker);
      waits(engine, torrent, { trackers: columns === 80 ? many : [], causes });
    }, "-v");
    const lines = (world.stdout.text + world.stderr.text).split("\n");
    // deno-lint-ignore no-control-regex -- what moves the cursor takes no columns
    const plain = lines.map((line) => line.replace(/\x1b\[[0-9;]*[A-Za-z]|\r/g, ""));
    for (const line of plain.filter((line) => line.includes("word"))) {
      assert(width(line) < columns, line);
    }
    if (columns === 80) assert(plain.includes("  … and 22 more trackers"));
  }
});

Deno.test("reasons take no rows that torrents need", () => {
  const views = ["a", "b", "c"].map((name) => ({
    ...newView(name, name, 100),
    waiting: { why: WAITING, since: 0 },
  }));
  const count = (rows: number) => renderProgress(views, 80, rows, 9000).length;
  assertEquals([count(30), count(8), count(7), count(6), count(5), count(4)], [6, 6, 5, 4, 3, 2]);
  const [first, why] = renderProgress(views, 40, 30, 25_000);
  assert(first!.startsWith("a "), first);
  assertEquals(why, "  waiting for peers 25s: the tracker an…");
});

Deno.test("with several torrents lines about trackers and peers name theirs", async () => {
  const world = new World();
  world.files.set("a.torrent", torrentOf("a.bin"));
  world.files.set("b.torrent", torrentOf("b.bin"));
  world.engine = new FakeEngine((engine, torrent) => {
    const peer = { type: "peer", torrent, peer: "1.2.3.4:5", client: null, reason: null } as const;
    engine.emit({ ...peer, action: "connected" });
    const answer = { type: "tracker", torrent, url: "http://t/announce", peers: 1 } as const;
    const counts = { seeders: null, leechers: null, next: 60 } as const;
    engine.emit({ ...answer, ...counts, ok: true, message: null, fault: null });
    const failed = { ok: false, message: "Connection refused", fault: "unreachable" } as const;
    engine.emit({ ...answer, ...counts, ...failed });
    completes(engine, torrent);
  });
  await world.run("get", "a.torrent", "b.torrent", "-v");
  const lines = world.stderr.text.split("\n").filter((line) => line.includes("bin"));
  assertEquals(lines, [
    "a.bin: Peer 1.2.3.4:5 connected",
    "a.bin: Tracker http://t/announce: 1 peer",
    "Warning: a.bin: Tracker http://t/announce: Connection refused",
    "b.bin: Peer 1.2.3.4:5 connected",
    "b.bin: Tracker http://t/announce: 1 peer",
    "Warning: b.bin: Tracker http://t/announce: Connection refused",
  ]);
});

Deno.test("a name of 80 columns does not wrap the last line of a terminal", async () => {
  const name = "n".repeat(80);
  const world = new World().onTerminal();
  world.files.set("long.torrent", torrentOf(name));
  world.engine = new FakeEngine((engine, torrent) => {
    engine.emit({ type: "done", torrent, name, size: 40_000, downloaded: 40_000, seconds: 2 });
    engine.emit({ type: "finished", torrent, uploaded: 0 });
  });
  await world.run("get", "long.torrent");
  const done = world.stdout.text.split("\n").find((line) => line.includes("saved to"))!;
  assertEquals(width(done), 79);
  assert(done.startsWith("nnnnnnnnn…: 39.1 KiB in 2.0 s"), done);
  assertStringIncludes(done, "saved to downloads/nnn");

  const stopped = new World().onTerminal();
  stopped.files.set("long.torrent", torrentOf(name));
  stopped.engine = new FakeEngine((engine, id) => {
    engine.emit(progress(id));
    stopped.interrupt();
  });
  await stopped.run("get", "long.torrent");
  const last = stopped.stderr.text.split("\n").find((line) => line.includes("stopped at"))!;
  assertEquals(width(last), 79);
});

Deno.test("a warning is broken between words on a terminal, and one line elsewhere", () => {
  const url = "http://192.168.100.100:6969/announce";
  const text = `Tracker ${url}: Connection refused (192.168.100.100:6969)`;
  const printed = ({ stdout, stderr }: World) => {
    const terminalSize = () => ({ columns: 80, rows: 24 });
    new Terminal({ stdout, stderr, terminalSize, noColor: true }, true).complain("Warning", text);
    return stderr.text;
  };
  assertEquals(printed(new World()), `Warning: ${text}\n`);
  assertEquals(
    printed(new World().onTerminal()),
    `Warning: Tracker ${url}: Connection refused\n  (192.168.100.100:6969)\n`,
  );
});

Deno.test("text is wrapped between words, with an indent", () => {
  assertEquals(wrap("one two three", 9, "- "), ["- one two", "  three"]);
  assertEquals(wrap("one", 9), ["one"]);
  assertEquals(wrap("averyverylongword x", 9, "- "), ["- averyverylongword", "  x"]);
  assertEquals(wrap("", 9, "- "), ["- "]);
});
