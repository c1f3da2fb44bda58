/** Packets that no honest peer sends, and those of strangers who cannot see ours. */
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { type Bytes, millis, randomBytes, SeededRandom } from "../../src/base/mod.ts";
import { decodePacket, encodePacket, PacketType, UtpMux } from "../../src/utp/mod.ts";
import { LonePeer, PEER } from "./lone_peer.ts";

const { Data, Fin, State, Reset, Syn } = PacketType;
const HELLO = new Uint8Array([1, 2, 3]);

Deno.test("an answer to our call must name it", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.call();
  peer.hear({ type: State, connectionId, seq: 5, ack: seq + 1 });
  peer.hear({ type: Data, connectionId, seq: 5, ack: seq }, HELLO);
  peer.hear({ type: State, connectionId, seq: 5, ack: seq }, undefined, { ...PEER, port: 7001 });
  peer.hear({ type: State, connectionId, seq: 5, ack: seq }, undefined, {
    ...PEER,
    host: "192.0.2.8",
  });
  assertEquals([connection.state, peer.connects], ["calling", 0]);
  peer.hear({ type: State, connectionId, seq: 5, ack: seq });
  assertEquals([connection.state, peer.connects], ["open", 1]);
});

Deno.test("a reset counts only from who has seen our packets", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId: id, seq } } = peer.open();
  const random = new SeededRandom(3);
  const far = () => (seq + 100 + random.below(60_000)) & 0xffff;
  for (let i = 0; i < 1_000; i++) peer.hear({ type: Reset, connectionId: id, ack: far() });
  peer.hear({ type: Reset, connectionId: id, ack: seq }, undefined, { ...PEER, port: 1 });
  peer.hear({ type: Reset, connectionId: (id + 7) & 0xffff, ack: seq });
  assertEquals(connection.state, "open");
  peer.hear({ type: Reset, connectionId: (id + 1) & 0xffff, ack: seq });
  assertEquals([connection.state, peer.ends, peer.mux.size], ["closed", ["reset"], 0]);
});

Deno.test("a refused call ends", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.call();
  peer.hear({ type: Reset, connectionId, ack: seq + 3 });
  assertEquals(connection.state, "calling");
  peer.hear({ type: Reset, connectionId, ack: seq });
  assertEquals([connection.state, peer.ends], ["closed", ["refused"]]);
});

Deno.test("what acknowledges packets that were not sent is passed over", () => {
  const peer = new LonePeer();
  const { syn: { connectionId, seq } } = peer.open();
  for (const off of [1, 2, 500, 30_000, -2_000]) {
    peer.hear({ type: Data, connectionId, seq: 1_000, ack: (seq + off) & 0xffff }, HELLO);
  }
  assertEquals(peer.read, []);
  peer.hear({ type: Data, connectionId, seq: 1_000, ack: seq }, HELLO);
  assertEquals(peer.read, [...HELLO]);
});

Deno.test("stray numbers are passed over, those seen before are answered again", () => {
  const peer = new LonePeer();
  const { syn: { connectionId, seq: ack } } = peer.open();
  for (const seq of [3_000, 60_000, 40_000]) {
    peer.hear({ type: Data, connectionId, seq, ack }, HELLO);
  }
  assertEquals([peer.read, peer.kinds()], [[], []]);
  for (let i = 0; i < 3; i++) peer.hear({ type: Data, connectionId, seq: 1_000, ack }, HELLO);
  assertEquals([peer.read, peer.kinds()], [[...HELLO], [State, State, State]]);
});

Deno.test("absurd windows: all of them, none, a byte", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.open();
  const data = new Uint8Array(2_000_000);
  const say = (window: number, ack = seq) =>
    peer.hear({ type: State, connectionId, seq: 1_000, ack, window });
  say(0xffff_ffff);
  // as much as the way is trusted with, and not what the peer asks for
  assertLess(connection.write(data, peer.now), 10_000);
  const sent = peer.kinds().length;
  say(0, seq + sent);
  assertEquals(connection.write(data, peer.now), 0);
  say(1, seq + sent);
  assertEquals(connection.write(data, peer.now), 0);
  assertEquals(peer.kinds(), []);
  // it is asked again, but never in a hurry
  peer.pass(60_000);
  assertLess(peer.kinds().length, 30);
});

Deno.test("a window that stays shut is asked with single bytes, and opens", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.open();
  const data = new Uint8Array(50).fill(7);
  let written = 0;
  connection.user = {
    ...peer.user(() => connection),
    writable: () => void (written += connection.write(data.subarray(written), peer.now)),
  };
  peer.hear({ type: State, connectionId, seq: 1_000, ack: seq, window: 0 });
  written += connection.write(data, peer.now);
  assertEquals(written, 0);
  peer.pass(2_000);
  assertEquals(written, 1);
  assertEquals(peer.last().payload, new Uint8Array([7]));
  peer.hear({ type: State, connectionId, seq: 1_000, ack: (seq + 1) & 0xffff, window: 1_000 });
  assertEquals([written, peer.last().payload.length], [50, 49]);
});

Deno.test("a window that shuts behind what was sent is asked too, when all of that is acknowledged", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.open();
  peer.hear({ type: State, connectionId, seq: 1_000, ack: seq, window: 1_000 });
  assertEquals(connection.write(new Uint8Array(5_000), peer.now), 1_000);
  const ack = (seq + connection.outstanding) & 0xffff;
  peer.hear({ type: State, connectionId, seq: 1_000, ack, window: 0 });
  assertEquals(connection.outstanding, 0);
  const deadline = connection.nextDeadline() - peer.now;
  assertLess(deadline, 5_000);
});

Deno.test("who shuts and opens its window all the time is not sent everything each time", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.open();
  const say = (window: number) =>
    peer.hear({ type: State, connectionId, seq: 1_000, ack: seq, window });
  say(1_000_000);
  connection.write(new Uint8Array(1_000_000), peer.now);
  const sent = peer.kinds().length;
  for (let i = 0; i < 100; i++) {
    say(0);
    say(1_000_000);
  }
  assertLess(peer.kinds().length, 2 * sent + 5);
});

Deno.test("masks that lie or are long cost nothing", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq } } = peer.open();
  peer.hear({ type: State, connectionId, seq: 1_000, ack: seq });
  connection.write(new Uint8Array(4_000), peer.now);
  const sent = peer.kinds().length;
  // all bits of packets that were never sent; the first is still missing
  const mask = new Uint8Array(252).fill(0xff);
  for (let i = 0; i < 10; i++) {
    peer.hear({ type: State, connectionId, seq: 1_000, ack: seq }, undefined, PEER, mask);
  }
  assertEquals(connection.outstanding, sent);
  // what is missing was sent again, once
  assertEquals(peer.kinds(), [Data]);
  peer.hear({ type: State, connectionId, seq: 1_000, ack: (seq + sent) & 0xffff });
  assertEquals(connection.outstanding, 0);
});

Deno.test("a flood of calls is bounded, and the latest caller gets through", () => {
  const peer = new LonePeer();
  for (let i = 0; i < 5_000; i++) {
    const from = { host: `198.51.${i >> 8}.${i & 255}`, port: 1_000 + i };
    peer.hear({ type: Syn, connectionId: i & 0xff, seq: 1 }, undefined, from);
  }
  assertEquals([peer.mux.callers, peer.mux.size, peer.arrived.length], [128, 128, 0]);
  // an answer of twenty bytes for each, as long as what was asked
  assertEquals(peer.kinds().length, 5_000);
  peer.hear({ type: Syn, connectionId: 9, seq: 50 });
  const { seq } = peer.last();
  peer.hear({ type: Data, connectionId: 10, seq: 51, ack: (seq - 1) & 0xffff }, HELLO);
  assertEquals([peer.arrived.length, peer.read, peer.mux.callers], [1, [...HELLO], 127]);
  peer.pass(10_000);
  assertEquals([peer.mux.callers, peer.mux.size], [0, 1]);
});

Deno.test("who calls from an address that is not its own never arrives", () => {
  const peer = new LonePeer();
  peer.hear({ type: Syn, connectionId: 9, seq: 50 });
  const { seq } = peer.last();
  for (let ack = 0; ack < 0x10000; ack += 7) {
    if (ack === ((seq - 1) & 0xffff)) continue;
    peer.hear({ type: Data, connectionId: 10, seq: 51, ack }, HELLO);
  }
  assertEquals([peer.arrived.length, peer.mux.callers], [0, 1]);
});

Deno.test("a call that comes twice is answered twice and is one", () => {
  const peer = new LonePeer();
  for (let i = 0; i < 2; i++) peer.hear({ type: Syn, connectionId: 9, seq: 50 });
  assertEquals([peer.mux.size, peer.kinds()], [1, [State, State]]);
  // another one under its name is passed over
  peer.hear({ type: Syn, connectionId: 9, seq: 77 });
  assertEquals([peer.mux.size, peer.kinds()], [1, []]);
});

Deno.test("packets of no connection are answered with resets, a few a second", () => {
  const peer = new LonePeer();
  for (let i = 0; i < 1_000; i++) peer.hear({ type: Data, connectionId: i, seq: 5 }, HELLO);
  assertEquals(peer.sent[0]?.packet.ack, 5);
  assertEquals(peer.kinds(), new Array(32).fill(Reset));
  peer.pass(1_000);
  peer.hear({ type: State, connectionId: 5 });
  assertEquals(peer.kinds(), [Reset]);
  // never to a reset: two would talk for ever
  peer.hear({ type: Reset, connectionId: 5 });
  assertEquals(peer.kinds(), []);
});

Deno.test("data after the peer's end, and after ours", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq: ack } } = peer.open();
  peer.hear({ type: Fin, connectionId, seq: 1_001, ack });
  peer.hear({ type: Data, connectionId, seq: 1_002, ack }, HELLO);
  assertEquals(connection.ended, false);
  peer.hear({ type: Data, connectionId, seq: 1_000, ack }, HELLO);
  assertEquals([peer.read, connection.ended], [[...HELLO], true]);
  connection.close(peer.now);
  peer.kinds();
  peer.hear({ type: Data, connectionId, seq: 1_002, ack }, HELLO);
  assertEquals([peer.read, connection.state, peer.kinds()], [[...HELLO], "closing", [State]]);
  peer.hear({ type: State, connectionId, seq: 1_002, ack: (ack + 1) & 0xffff });
  assertEquals([connection.state, peer.mux.size], ["closed", 0]);
  peer.hear({ type: Data, connectionId, seq: 1_002, ack }, HELLO);
  assertEquals(peer.kinds(), [Reset]);
});

Deno.test("the peer's end may carry its last bytes: they are read, and then it is the end", () => {
  const peer = new LonePeer();
  const { connection, syn: { connectionId, seq: ack } } = peer.open();
  const fin = (payload: Bytes) => peer.hear({ type: Fin, connectionId, seq: 1_001, ack }, payload);
  fin(HELLO);
  assertEquals([peer.read, connection.ended], [[], false]);
  // another one of the same number is none
  fin(new Uint8Array([9, 9]));
  peer.hear({ type: Data, connectionId, seq: 1_002, ack }, HELLO);
  peer.hear({ type: Data, connectionId, seq: 1_000, ack }, new Uint8Array([0]));
  assertEquals([peer.read, connection.ended], [[0, ...HELLO], true]);
  fin(HELLO);
  assertEquals([peer.read.length, peer.last().ack, connection.state], [4, 1_001, "open"]);
});

Deno.test("who was told of little room hears of it when others give back what they kept", () => {
  const peer = new LonePeer();
  const open = () => (peer.connects = 0, peer.open());
  const [waiting, gone] = [open(), open()];
  const part = new Uint8Array(1_400);
  const crowd = Array.from({ length: 60 }, open);
  for (const { syn: { connectionId, seq: ack } } of crowd) {
    // all but the first
    for (let seq = 1_001; seq < 1_700; seq++) {
      peer.hear({ type: Data, connectionId, seq, ack }, part);
    }
  }
  const say = ({ syn: { connectionId, seq } }: typeof waiting) =>
    peer.hear({ type: Data, connectionId, seq: 1_000, ack: seq }, HELLO);
  say(waiting);
  assertLess(peer.last().window, 300_000);
  say(gone);
  gone.connection.abandon(peer.now);
  peer.kinds();
  for (const { connection } of crowd) connection.abandon(peer.now);
  peer.mux.settle(peer.now);
  const heard = peer.sent.filter(({ packet }) => packet.type === State);
  assertEquals(heard.map(({ packet }) => packet.connectionId), [waiting.connection.sendId]);
  assertEquals(peer.last().window, 1024 * 1024);
});

Deno.test("who never hears of the end is not waited for", () => {
  const peer = new LonePeer();
  const ids = [];
  for (let i = 0; i < 300; i++) {
    peer.connects = 0;
    const { connection, syn } = peer.open();
    ids.push(syn.connectionId);
    connection.close(peer.now);
  }
  assertLess(peer.mux.size, 257);
  peer.pass(5_000);
  assertEquals([peer.mux.size, peer.mux.nextDeadline()], [0, Infinity]);
});

Deno.test("the end of all is told to all, and nothing is taken in after it", () => {
  const peer = new LonePeer();
  const { syn: { connectionId, seq: ack } } = peer.open();
  peer.mux.stop(peer.now);
  assertEquals([peer.kinds(), peer.ends], [[Reset], ["closed"]]);
  peer.hear({ type: Data, connectionId, seq: 1_000, ack }, HELLO);
  peer.hear({ type: Syn, connectionId: 3 });
  assertEquals([peer.kinds(), peer.mux.size], [[], 0]);
});

Deno.test("noise from the peer's address changes nothing", () => {
  const peer = new LonePeer();
  const { connection, syn } = peer.open();
  const random = new SeededRandom(5);
  for (let i = 0; i < 20_000; i++) {
    const type = random.below(4) as 0 | 1 | 2 | 3;
    const connectionId = random.below(2) === 0 ? syn.connectionId : random.below(0x10000);
    const [seq, ack] = [random.below(0x10000), random.below(0x10000)];
    // a guess that is right is one in 2^16 for an end, one in 2^21 for data
    if (Math.abs(ack - syn.seq) < 3) continue;
    const packet = encodePacket({
      type,
      connectionId,
      timestamp: random.below(2 ** 32),
      delay: random.below(2 ** 32),
      window: random.below(2 ** 32),
      seq,
      ack,
    }, randomBytes(random.below(40), random));
    peer.raw(packet);
  }
  assertEquals([connection.state, peer.read.length], ["open", 0]);
  assertGreater(peer.sent.length, 0);
});

Deno.test("where nobody may call, calls are refused and nothing is kept", () => {
  const sent: Uint8Array[] = [];
  const mux = new UtpMux({
    send: (packet) => void sent.push(packet.slice()),
    arrived: null,
    fault: () => {},
    settleSoon: () => {},
    plan: () => {},
  }, new SeededRandom(1));
  const call = encodePacket({
    type: Syn,
    connectionId: 5,
    timestamp: 0,
    delay: 0,
    window: 0,
    seq: 77,
    ack: 0,
  });
  mux.receive(call, PEER, millis(1));
  const [answer] = sent.map((packet) => decodePacket(packet as Bytes));
  assertEquals([answer?.type, answer?.ack, mux.size], [Reset, 77, 0]);
});

Deno.test("a fault in one connection ends that one, tells of it, and the others have their turn", () => {
  const peer = new LonePeer();
  const [bad, good] = [peer.open(), (peer.connects = 0, peer.open())];
  const ends: string[] = [];
  const fail = (what: string) => () => {
    throw new Error(what);
  };
  const user = { connected() {}, writable() {}, closed: (end: string) => void ends.push(end) };
  bad.connection.user = { ...user, readable: fail("reading") };
  peer.settling = false;
  const say = (to: typeof bad, seq: number) =>
    peer.hear({ type: Data, connectionId: to.syn.connectionId, seq, ack: to.syn.seq }, HELLO);
  const before = peer.settles;
  for (const to of [bad, good]) say(to, 1_000);
  assertEquals(peer.settles, before + 1);
  peer.mux.settle(peer.now);
  assertEquals(peer.faults.map(String), ["Error: reading"]);
  assertEquals([peer.read, ends, bad.connection.state], [[...HELLO], ["reset"], "closed"]);
  // it is asked for again: nothing was left undone
  say(good, 1_001);
  assertEquals(peer.settles, before + 2);
  peer.mux.settle(peer.now);
  assertEquals([peer.read.length, peer.mux.size], [6, 1]);
});

Deno.test("a fault while time passes ends one connection, and the others are still looked after", () => {
  const peer = new LonePeer();
  const [bad, good] = [peer.open(), (peer.connects = 0, peer.open())];
  for (const { connection, syn } of [bad, good]) {
    peer.hear({ type: State, connectionId: syn.connectionId, seq: 1_000, ack: syn.seq, window: 0 });
    connection.write(HELLO, peer.now);
  }
  const writable = () => {
    throw new Error("writing");
  };
  bad.connection.user = { connected() {}, readable() {}, closed() {}, writable };
  peer.pass(60_000);
  assertEquals([peer.faults.map(String), bad.connection.state], [["Error: writing"], "closed"]);
  assertEquals(good.connection.state, "open");
  assertLess(peer.mux.nextDeadline(), Infinity);
});

Deno.test("a flood of calls from one address does not end the calls of others", () => {
  const peer = new LonePeer();
  const honest = { host: "9.9.9.9", port: 7_000 };
  peer.hear({ type: Syn, connectionId: 9, seq: 50 }, undefined, honest);
  const { seq } = peer.last();
  for (let i = 0; i < 5_000; i++) {
    const from = {
      host: i % 2 === 0 ? "8.8.8.8" : `2600:1:2:3::${i.toString(16)}`,
      port: 1_000 + i,
    };
    peer.hear({ type: Syn, connectionId: i & 0xff, seq: 1 }, undefined, from);
  }
  assertEquals(peer.mux.callers, 33);
  peer.hear({ type: Data, connectionId: 10, seq: 51, ack: (seq - 1) & 0xffff }, HELLO, honest);
  assertEquals([peer.arrived.length, peer.read], [1, [...HELLO]]);
});
