import { assert, assertEquals } from "@std/assert";
import { type Endpoint, millis, peerId, SeededRandom } from "../../src/base/mod.ts";
import type { SessionContext } from "../../src/session/context.ts";
import { DialPlan } from "../../src/session/dial_plan.ts";
import { Handshakes } from "../../src/session/handshakes.ts";
import { SessionShares, type TorrentShares } from "../../src/session/shares.ts";
import { TorrentHashes } from "../../src/session/torrent_hashes.ts";
import { TorrentPeers } from "../../src/session/torrent_peers.ts";
import { PeerRanks } from "../../src/swarm/mod.ts";
import { encodeHandshake, Message, PeerConnection, PexFlag } from "../../src/wire/mod.ts";
import { Bench } from "../swarm/bench.ts";
import { frame, handshake, HASH, hear, QuietLink } from "../wire/talk.ts";

const HOST = "8.8.8.8";
const NO_LIMITS = { downloadLimit: 0, uploadLimit: 0 };

/** The peers of a torrent whose own id is 20 times `id`, without a network. */
class Side {
  now = 1_000;
  filtered = "";
  readonly ranks = new PeerRanks(6881);
  readonly peers: TorrentPeers;
  readonly parts: TorrentShares;

  constructor(
    readonly id: number,
    readonly shares: SessionShares = new SessionShares(NO_LIMITS, () => millis(0)),
    readonly bench = new Bench(4, 1),
  ) {
    // nobody is dialled: the addresses are made up
    shares.dials.others = shares.dials.most;
    this.parts = shares.torrent(NO_LIMITS);
    const context = {
      now: () => millis(this.now),
      random: new SeededRandom(1),
      peerId: peerId(new Uint8Array(20).fill(id)),
      options: { connectTimeout: 10 },
      handshakes: new Handshakes(),
      dial: (_at: Endpoint, _transport: string, signal: AbortSignal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
      plan: new DialPlan("off"),
      policy: { judge: () => "allowed", filtered: (host: string) => host === this.filtered },
      ranks: this.ranks,
      wake: () => {},
    } as unknown as SessionContext;
    this.peers = new TorrentPeers(
      context,
      this.parts,
      new TorrentHashes({ infoHash: HASH, infoHashV1: HASH, infoHashV2: null }),
      this.bench.swarm,
      false,
    );
  }

  /** A connection with a peer whose handshake is here; it is closed when it was refused. */
  meet(id: number, outgoing: boolean, from: Endpoint = { host: HOST, port: id }): PeerConnection {
    const ours = outgoing ? this.peers.handshake(from) : null;
    const connection = new PeerConnection(
      ours,
      (theirs, connection) => this.peers.accept(theirs, connection, from),
      millis(this.now),
    );
    connection.attach(new QuietLink());
    hear(connection, encodeHandshake(handshake(id)), Infinity, millis(this.now));
    return connection;
  }
}

Deno.test("two that dial each other at once keep the same one of the two connections", () => {
  for (const [low, high] of [[1, 2], [7, 200]] as const) {
    for (const order of [[true, false], [false, true]]) {
      // what one dialled is what the other took in
      const kept = [[low, high], [high, low]].map(([mine, theirs]) => {
        const side = new Side(mine!);
        const made = order.map((outgoing) => ({
          outgoing,
          connection: side.meet(theirs!, outgoing),
        }));
        const open = made.filter(({ connection }) => connection.phase === "open");
        assertEquals(open.length, 1);
        assertEquals(side.bench.swarm.peers.length, 1);
        return open[0]!.outgoing ? mine : theirs;
      });
      assertEquals(kept, [high, high], "Expected the connection that the higher id made");
    }
  }
});

Deno.test("a second connection of the same direction is refused", () => {
  for (const outgoing of [true, false]) {
    const side = new Side(5);
    const first = side.meet(9, outgoing);
    const second = side.meet(9, outgoing, { host: HOST, port: 77 });
    assertEquals([first.phase, second.phase], ["open", "closed"]);
  }
});

Deno.test("a stranger with the id of a peer cannot push it out", () => {
  for (const id of [1, 9]) {
    const side = new Side(5);
    const first = side.meet(id, true);
    const elsewhere = side.meet(id, false, { host: "9.9.9.9", port: 1 });
    side.now += 60_000;
    const late = side.meet(id, false);
    assertEquals([first.phase, elsewhere.phase, late.phase], ["open", "closed", "closed"]);
  }
});

Deno.test("our own id at the other end is ourselves, and not dialled again", () => {
  const side = new Side(5);
  const at = { host: HOST, port: 5 };
  side.peers.add([at], "tracker");
  assertEquals(side.meet(5, true, at).phase, "closed");
  assertEquals(side.peers.pool.size, 0);
});

Deno.test("a peer that only ever hangs up is tried later and later", () => {
  const side = new Side(5);
  const at = { host: HOST, port: 9 };
  side.peers.add([at], "tracker");
  const waits = [];
  for (let round = 0; round < 3; round++) {
    side.peers.pool.next(millis(side.now));
    const connection = side.meet(9, true, at);
    const [peer] = side.bench.swarm.peers;
    connection.close("gone");
    side.peers.left(peer!);
    waits.push(side.peers.pool.nextDeadline() - side.now);
    side.now += waits.at(-1)!;
  }
  assert(waits[0]! < waits[1]! && waits[1]! < waits[2]!, waits.join(" "));
});

Deno.test("a banned peer is refused by its address, also when it left before it was known", () => {
  const side = new Side(5);
  const at = { host: HOST, port: 9 };
  side.peers.add([at], "tracker");
  const connection = side.meet(9, true, at);
  const [peer] = side.bench.swarm.peers;
  connection.close("gone");
  side.peers.left(peer!);
  side.peers.ban(peer!);
  assertEquals(side.peers.pool.size, 0);
  assert(side.peers.pool.banned({ host: HOST, port: 1 }));
  assertEquals(side.meet(10, false).phase, "closed");
  assertEquals(side.meet(11, false, { host: "9.9.9.9", port: 2 }).phase, "open");
});

Deno.test("a banned peer is closed when it has come back meanwhile, but not one whose id it borrowed", () => {
  const side = new Side(5);
  const local = { host: "127.0.0.1", port: 9 };
  const connection = side.meet(9, false, local);
  const [peer] = side.bench.swarm.peers;
  connection.close("gone");
  const back = side.meet(9, false, { ...local, port: 10 });
  assertEquals(back.phase, "open");
  side.peers.ban(peer!);
  assertEquals(back.phase, "closed");
  assertEquals(side.meet(9, false, { ...local, port: 11 }).phase, "closed");
  assertEquals(side.meet(9, false, { host: "9.9.9.9", port: 1 }).phase, "open");
});

Deno.test("no more peers are taken than there is use for, a quarter of them dialled by us", () => {
  const side = new Side(5);
  for (let id = 10; id < 120; id++) side.meet(id, false);
  assertEquals(side.bench.swarm.peers.length, 60);
  for (let id = 120; id < 200; id++) side.meet(id, true);
  assertEquals(side.bench.swarm.peers.length, 80);
  // nor does an address that cannot be dialled now keep the timer busy
  side.peers.add([{ host: "9.9.9.9", port: 1 }], "tracker");
  side.shares.dials.others = 0;
  assertEquals(side.peers.nextDeadline(), Infinity);
  side.bench.swarm.peers[0]!.connection.close("gone");
  assertEquals(side.peers.nextDeadline(), 0);
});

Deno.test("who has everything dials those that lack something, and leaves half of the places to others", () => {
  const side = new Side(5);
  const { bench, peers, shares } = side;
  for (let piece = 0; piece < bench.swarm.geometry.pieceCount; piece++) bench.swarm.have.add(piece);
  assert(bench.swarm.complete);
  shares.dials.others = 0;
  peers.pool.add({ host: "9.9.9.9", port: 1 }, "tracker", true);
  assertEquals(peers.nextDeadline(), Infinity);
  peers.pool.add({ host: "9.9.9.9", port: 2 }, "tracker");
  assertEquals(peers.nextDeadline(), 0);
  for (let id = 10; id < 50; id++) side.meet(id, false);
  assertEquals(bench.swarm.peers.length, 40);
  assertEquals(peers.nextDeadline(), Infinity);
});

Deno.test("a torrent with many addresses leaves dials to the others", async () => {
  const first = new Side(5);
  const { dials } = first.shares;
  const sides = [first, new Side(6, first.shares)] as const;
  dials.others = 0;
  const dialled = sides.map((side) => {
    // none of them answers
    const endpoints = Array.from({ length: 100 }, (_, i) => ({ host: "127.0.0.1", port: 1 + i }));
    for (const endpoint of endpoints) side.peers.pool.add(endpoint, "user");
    let count = 0;
    while (side.peers.dialNext(millis(side.now))) count++;
    return count;
  });
  assertEquals(dialled, [25, 7]);
  await Promise.all(sides.map((side) => side.peers.close()));
  while (dials.held > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(first.shares.connections.held, 0);
});

Deno.test("who has more connections than its part gives up the idlest, one a second, while another waits", () => {
  const side = new Side(5);
  const { connections } = side.shares;
  const poor = new Side(6, side.shares).parts.connections;
  const made = [10, 11, 12].map((id) => side.meet(id, false));
  side.bench.swarm.peers[0]!.down.add(1_000_000, millis(70_000));
  side.parts.connections.take(300);
  connections.others = 200;
  const open = () => made.map(({ phase }) => phase === "open");
  const pass = (seconds: number) => {
    side.now += seconds * 1_000;
    side.peers.tick(millis(side.now));
  };
  pass(70);
  assertEquals(open(), [true, true, true]);
  poor.waiting = true;
  pass(0);
  assertEquals(open(), [true, false, true]);
  pass(0.5);
  assertEquals(open(), [true, false, true]);
  pass(0.5);
  assertEquals(open(), [true, false, false]);
  // there is room again
  connections.others = 100;
  pass(10);
  assertEquals(open(), [true, false, false]);
});

/** Seconds until fewer are connected than at the start no more, with how many are by then. */
function shrink(side: Side): number[] {
  const counts = [];
  for (let second = 0; second < 20; second++) {
    side.now += 1_000;
    side.peers.tick(millis(side.now));
    counts.push(side.bench.swarm.peers.length);
  }
  return counts;
}

Deno.test("a lower limit closes the idlest connections, a quarter of those too many each second", () => {
  const side = new Side(5);
  const made = Array.from({ length: 40 }, (_, i) => side.meet(10 + i, true));
  const busy = side.bench.swarm.peers[20]!;
  busy.down.add(1_000_000, millis(side.now));
  side.parts.setLimits({ peerLimit: 1 });
  const counts = shrink(side);
  assertEquals(counts.slice(0, 3), [30, 22, 16]);
  assertEquals([counts.at(-1), made[20]!.phase], [1, "open"]);
  assertEquals(side.meet(100, true).phase, "closed");
  side.parts.setLimits({ peerLimit: 2 });
  assertEquals([101, 102].map((id) => side.meet(id, true).phase), ["open", "closed"]);
});

Deno.test("a lower limit of all together is reached at the cost of those that have more than their part", () => {
  const large = new Side(5);
  const small = new Side(6, large.shares);
  for (const [side, count] of [[large, 40], [small, 5]] as const) {
    for (let i = 0; i < count; i++) {
      side.meet(10 + i, true);
      side.parts.connections.take(1);
    }
  }
  for (const side of [large, small]) {
    side.bench.ended = () => side.parts.connections.give(1);
  }
  large.shares.setLimits({ peerLimit: 20 });
  assertEquals(shrink(small).at(-1), 5);
  assertEquals(shrink(large).at(-1), 15);
  assertEquals(large.shares.connections.held, 20);
});

Deno.test("whom a new filter keeps away is closed, forgotten and not let in again", () => {
  const side = new Side(5);
  const [kept, away] = [{ host: "9.9.9.9", port: 1 }, { host: HOST, port: 2 }];
  side.peers.add([kept, away], "tracker");
  const made = [kept, away].map((from, i) => side.meet(10 + i, true, from));
  side.filtered = HOST;
  side.peers.refilter();
  assertEquals(made.map(({ phase }) => phase), ["open", "closed"]);
  assertEquals([side.peers.pool.knows(kept), side.peers.pool.knows(away)], [true, false]);
  assertEquals([12, 13].map((id) => side.meet(id, id === 12).phase), ["closed", "closed"]);
});

Deno.test("a torrent that has its part waits only while it could use more", () => {
  const side = new Side(5);
  const { connections } = side.parts;
  side.shares.connections.others = side.shares.connections.most;
  side.peers.tick(millis(side.now));
  assertEquals(connections.waiting, false);
  side.peers.add([{ host: "9.9.9.9", port: 1 }], "tracker");
  side.peers.tick(millis(side.now));
  assertEquals(connections.waiting, true);
  side.shares.connections.others = 0;
  side.peers.tick(millis(side.now));
  assertEquals(connections.waiting, false);
});

Deno.test("strangers are refused by a torrent that has its part of a full session", () => {
  const side = new Side(5);
  side.shares.torrent(NO_LIMITS);
  side.shares.connections.others = 400;
  side.parts.connections.take(50);
  assertEquals(side.meet(9, false).phase, "open");
  side.shares.connections.others = 0;
  side.parts.connections.take(350);
  assertEquals(side.meet(10, false).phase, "closed");
  assertEquals(side.meet(11, true).phase, "open");
});

/** A side where four peers have said what our address is, with so many places taken by peers of these addresses. */
function crowded(hosts: readonly string[]): Side {
  const side = new Side(5);
  for (let i = 1; i <= 4; i++) side.ranks.told({ host: `1${i}.9.9.9`, port: 1 }, "123.213.32.10");
  hosts.forEach((host, i) => side.meet(10 + i, false, { host, port: 1 }));
  return side;
}

Deno.test("when all places are taken, a newcomer takes the one of the lowest rank that is of no use", () => {
  const hosts = Array.from({ length: 60 }, (_, i) => `20.${i}.1.1`);
  const side = crowded(hosts);
  const { peers } = side.bench.swarm;
  assertEquals(peers.length, 60);
  const rank = (host: string) => side.ranks.of({ host, port: 1 })!;
  const byRank = [...hosts].sort((a, b) => rank(a) - rank(b));
  const others = Array.from({ length: 200 }, (_, i) => `21.${i}.1.1`)
    .sort((a, b) => rank(a) - rank(b));
  const [low, high] = [others[0]!, others.at(-1)!];
  assert(rank(low) < rank(byRank[1]!) && rank(high) > rank(byRank[1]!));
  const closed = () =>
    hosts.filter((host) => !peers.some(({ identity }) => identity.host === host));
  // everyone has a minute to show what it is good for
  assertEquals(side.meet(200, false, { host: high, port: 1 }).phase, "closed");
  side.now += 61_000;
  peers.find(({ identity }) => identity.host === byRank[0])!.down.add(16_384, millis(side.now));
  assertEquals(side.meet(201, false, { host: byRank[0]!, port: 9 }).phase, "closed");
  assertEquals(closed(), []);
  assertEquals(side.meet(202, false, { host: high, port: 1 }).phase, "open");
  assertEquals([closed(), peers.length], [[byRank[1]!], 60]);
});

Deno.test("while our own address is not known nobody has to make room", () => {
  const side = new Side(5);
  for (let i = 0; i < 60; i++) side.meet(10 + i, false, { host: `20.${i}.1.1`, port: 1 });
  side.now += 61_000;
  assertEquals(side.meet(200, false, { host: "21.1.1.1", port: 1 }).phase, "closed");
});

Deno.test("a seed visits a neighbour, but not one that it, or a peer, knows to be a seed", () => {
  const side = new Side(5, undefined, new Bench(4, 1, "all"));
  const { peers, peers: { pool } } = side;
  const at = (n: number): Endpoint => ({ host: "10.0.0.9", port: n });
  peers.add([at(1)], "lsd");
  assertEquals(pool.next(millis(side.now), "seeds"), at(1));
  const connection = side.meet(9, true, at(1));
  const [seed] = side.bench.swarm.peers;
  hear(connection, frame(Message.Bitfield, new Uint8Array([0xf0])), Infinity, millis(side.now));
  assertEquals(connection.closeReason, "Both sides are complete");
  peers.left(seed!);
  peers.addTold(seed!, [
    { ...at(2), flags: PexFlag.Seed | PexFlag.Reachable },
    { ...at(3), flags: PexFlag.Reachable },
  ]);
  const later = millis(side.now + 3_600_000);
  assertEquals([pool.next(later, "seeds")?.port, pool.next(later, "seeds")], [3, null]);
});

Deno.test("an address is not dialled while its peer is here, having come by itself", async () => {
  const side = new Side(5);
  const { peers, peers: { pool } } = side;
  side.meet(9, false, { host: "127.0.0.1", port: 50_000 });
  Object.assign(side.bench.swarm.peers[0]!, { listenPort: 6881 });
  pool.add({ host: "127.0.0.1", port: 6881 }, "tracker");
  side.shares.dials.others = 0;
  assert(peers.dialNext(millis(side.now)));
  assertEquals([peers.connecting, pool.nextDeadline()], [0, side.now + 60_000]);
  await peers.close();
});
