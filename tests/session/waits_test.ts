/** A torrent that waits, on the bench: what its front end hears as a virtual clock goes on. */
import { assertEquals, assertMatch } from "@std/assert";
import type { EngineEvent } from "../../src/session/mod.ts";
import type { SessionContext } from "../../src/session/context.ts";
import { DialFaults } from "../../src/session/dial_faults.ts";
import { Doorway } from "../../src/session/doorway.ts";
import { Refusals } from "../../src/session/refusals.ts";
import type { Running } from "../../src/session/running.ts";
import type { TorrentShares } from "../../src/session/shares.ts";
import type { Reader } from "../../src/session/torrent_data.ts";
import type { Stalled } from "../../src/session/wait_report.ts";
import { Waits } from "../../src/session/waits.ts";
import { Bench, type Remote } from "../swarm/bench.ts";

/** A torrent of four pieces of two blocks and its waits; nothing moves unless the test says so. */
class Stand {
  readonly bench = new Bench(4, 2);
  readonly events: EngineEvent[] = [];
  readonly reads = { blocked: false, holding: false, limit: 0 };
  readonly faults = new DialFaults();
  /** Where the data goes. */
  readonly data: { reader: Reader } = { reader: "taking" };
  readonly waits: Waits;
  readonly #running: Running;

  constructor(stallTimeout = 300) {
    const context = {
      now: () => this.bench.now,
      options: { waitPatience: 10, stallTimeout },
      port: 6881,
      doorway: new Doorway(6881, 6881),
      emit: (event: EngineEvent) => this.events.push(event),
    } as unknown as SessionContext;
    const shares = {
      reads: this.reads,
      uploads: { limit: 0 },
      mayDial: true,
    } as unknown as TorrentShares;
    this.#running = {
      swarm: this.bench.swarm,
      peers: {
        pool: { size: 1, nextDeadline: () => Infinity },
        connecting: 0,
        banned: 0,
        faults: this.faults,
        refusals: new Refusals(),
      },
      trackers: { status: () => [] },
      dht: null,
      data: this.data,
    } as unknown as Running;
    this.waits = new Waits(context, shares, "id");
  }

  /** Seconds pass; the stall, when there is one. */
  pass(seconds: number): Stalled | null {
    const { geometry, have } = this.bench.swarm;
    for (let i = 0; i < seconds; i++) {
      this.bench.wait(1);
      const done = have.count * geometry.pieceLength;
      const stalled = this.waits.running(this.bench.now, this.#running, done);
      if (stalled !== null) return stalled;
    }
    return null;
  }

  /** What was told, one word an event: `stage cause`, `moving`, or the warning. */
  told(): string[] {
    return this.events.splice(0).map((event) =>
      event.type === "waiting"
        ? `${event.stage} ${event.causes[0]!.cause} ${event.seconds}`
        : event.type === "moving"
        ? `moving ${event.seconds}`
        : event.type === "warning"
        ? event.message
        : event.type
    );
  }
}

/** Sends both blocks of the piece that is asked for. */
function sendPiece(peer: Remote): void {
  const [first] = peer.requests();
  const piece = first!.split(" ")[1];
  for (const begin of [0, 16_384]) peer.sends(`request ${piece} ${begin} 16384`);
}

Deno.test("a download goes through its stages, and each is told once it lasts", () => {
  const stand = new Stand();
  const { bench } = stand;
  stand.faults.note({ host: "1.2.3.4", port: 5 }, "refused", "Connection refused");
  stand.pass(15);
  assertEquals(stand.told(), ["peers peers-refused 10"]);
  const peer = bench.peer();
  peer.has("all");
  stand.pass(10);
  assertEquals(stand.told(), ["unchoke choked 20"]);
  peer.unchokes();
  stand.pass(10);
  assertEquals(stand.told(), ["data snubbed 30"]);
  // it sends a piece, which then hangs on its way to the disk
  sendPiece(peer);
  stand.pass(1);
  assertEquals(stand.told(), ["moving 36"]);
  stand.pass(10);
  assertEquals(stand.told(), ["disk disk-slow 10"]);
  bench.accept();
  stand.pass(1);
  assertEquals(stand.told(), ["moving 11"]);
});

Deno.test("the same explanation comes once a minute", () => {
  const stand = new Stand(0);
  stand.pass(145);
  assertEquals(stand.told(), [
    "peers peers-gone 10",
    "peers peers-gone 70",
    "peers peers-gone 130",
  ]);
});

Deno.test("the disk and the limit are told, and end no download", () => {
  const stand = new Stand(30);
  const peer = stand.bench.seed();
  sendPiece(peer);
  assertEquals(stand.pass(200), null);
  assertEquals(stand.told(), [
    "disk disk-slow 10",
    "disk disk-slow 70",
    "disk disk-slow 130",
    "disk disk-slow 190",
  ]);
  stand.bench.accept();
  stand.reads.holding = true;
  assertEquals(stand.pass(20), null);
  assertEquals(stand.told(), ["moving 200", "data download-limit 10"]);
  stand.reads.blocked = true;
  assertEquals(stand.pass(10), null);
  assertEquals(stand.told(), ["disk disk-slow 20"]);
});

Deno.test("a stall warns at half its time and ends with the reason as it is then", () => {
  const stand = new Stand(60);
  const stalled = stand.pass(100);
  assertEquals(stand.bench.now, 61_000);
  assertMatch(
    stalled!.message,
    /^No data for 60 s, waiting for peers: the peers that were connected/,
  );
  assertEquals(stalled!.waiting.seconds, 60);
  assertEquals(stand.told(), [
    "peers peers-gone 10",
    "No data for 30 s, waiting for peers: the peers that were connected have left",
  ]);
});

Deno.test("a check that hangs is told too", () => {
  const stand = new Stand();
  const check = (seconds: number, checked: number) => {
    stand.bench.wait(seconds);
    stand.waits.checking(stand.bench.now, checked);
  };
  for (let second = 1; second < 60; second++) check(1, second);
  assertEquals(stand.told(), []);
  check(10, 59);
  assertEquals(stand.told(), ["checking check-slow 10"]);
  check(1, 60);
  assertEquals(stand.told(), ["moving 11"]);
});

Deno.test("a complete torrent waits for nothing, and the end of its wait is told", () => {
  const stand = new Stand();
  stand.pass(10);
  stand.waits.restart(stand.bench.now);
  assertEquals(stand.told(), ["peers peers-gone 10", "moving 10"]);
  stand.waits.restart(stand.bench.now);
  assertEquals(stand.told(), []);
});

Deno.test("while a reader takes nothing no stall counts, and from then on it is the peers that are waited for", () => {
  const stand = new Stand(20);
  for (const reader of ["busy", "behind"] as const) {
    stand.data.reader = reader;
    assertEquals(stand.pass(100), null);
  }
  stand.data.reader = "taking";
  assertEquals(stand.pass(19), null);
  assertEquals(stand.pass(1)?.waiting.stage, "peers");
});

Deno.test("a reader of a stream that takes nothing is told, also after the last piece, and ends no download", () => {
  const stand = new Stand(30);
  const peer = stand.bench.seed();
  stand.data.reader = "behind";
  assertEquals(stand.pass(50), null);
  assertEquals(stand.told(), ["reader reader-slow 10"]);
  stand.data.reader = "busy";
  for (let piece = 0; piece < 4; piece++) {
    for (const request of peer.requests()) peer.sends(request);
    while (stand.bench.store.committed.length > 0) stand.bench.accept();
  }
  assertEquals(stand.bench.swarm.complete, true);
  stand.pass(12);
  assertEquals(stand.told(), ["moving 51", "reader reader-slow 10"]);
  stand.data.reader = "taking";
  stand.pass(1);
  assertEquals(stand.told(), ["moving 12"]);
});
