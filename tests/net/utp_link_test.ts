import { assertEquals } from "@std/assert";
import { type Bytes, concat, millis } from "../../src/base/mod.ts";
import { UtpLink, type UtpStream } from "../../src/net/mod.ts";
import { ReadLane, ReadTurns, type TorrentReads } from "../../src/swarm/mod.ts";
import { encodeHandshake, Message, PeerConnection } from "../../src/wire/mod.ts";
import type { StreamListener } from "../../src/net/mod.ts";
import type { UtpEnd } from "../../src/utp/mod.ts";
import { Diary, frame, GEOMETRY, handshake } from "../wire/talk.ts";

const now = () => millis(performance.now());

/** A stream that the test is the other end of. */
class FakeStream {
  listener: StreamListener | null = null;
  end: UtpEnd | null = null;
  ended = false;
  closed = false;
  /** Bytes it takes. */
  room = Infinity;
  sent: number[] = [];
  #here = new Uint8Array(0);

  get available(): number {
    return this.#here.length;
  }

  read(into: Bytes): number {
    const part = this.#here.subarray(0, into.length);
    into.set(part);
    this.#here = this.#here.subarray(part.length);
    return part.length;
  }

  write(data: Bytes): number {
    const count = Math.min(data.length, this.room);
    this.room -= count;
    this.sent.push(...data.subarray(0, count));
    return count;
  }

  close(): void {
    this.closed = true;
    this.listener = null;
  }

  /** The peer says `bytes`. */
  say(bytes: Bytes): void {
    this.#here = concat(this.#here, bytes);
    this.listener?.readable();
  }
}

class Pair {
  readonly diary = new Diary();
  readonly stream = new FakeStream();
  readonly faults: unknown[] = [];
  readonly reads: TorrentReads;
  readonly connection: PeerConnection;
  readonly link: UtpLink;
  readonly running: Promise<void>;
  drained = 0;

  constructor() {
    // a thousand bytes may wait for the disk
    this.reads = new ReadTurns(0, 1_000, 500, now(), () => {}).torrent(0, now());
    const accept = () => ({ geometry: GEOMETRY, handler: this.diary, mine: handshake(1) });
    this.connection = new PeerConnection(null, accept, now());
    this.diary.batch = () => this.connection.flush(now());
    this.diary.drained = () => this.drained++;
    this.link = new UtpLink(this.stream as unknown as UtpStream, this.connection, {
      lane: new ReadLane(this.reads),
      now,
      fault: (error) => this.faults.push(error),
    });
    this.running = this.link.run();
  }
}

Deno.test("what the peer says arrives, what we say goes out", () => {
  const { stream, connection, diary } = new Pair();
  stream.say(concat(encodeHandshake(handshake(2)), frame(Message.Have, 3)));
  connection.out.number(Message.Have, 7);
  connection.flush(now());
  assertEquals(diary.lines, ["opened", "have 3"]);
  const expected = [...encodeHandshake(handshake(1)), ...frame(Message.Have, 7)];
  assertEquals(stream.sent, expected);
});

Deno.test("what there is no room for goes out when there is", () => {
  const pair = new Pair();
  const { stream, connection, link } = pair;
  stream.say(encodeHandshake(handshake(2)));
  stream.sent = [];
  stream.room = 10;
  const before = pair.drained;
  for (let i = 0; i < 5; i++) connection.out.number(Message.Have, i);
  connection.flush(now());
  assertEquals([stream.sent.length, link.sending, pair.drained - before], [10, 35, 0]);
  stream.room = 30;
  stream.listener?.writable();
  assertEquals([stream.sent.length, link.sending], [40, 5]);
  stream.room = Infinity;
  stream.listener?.writable();
  const all = concat(...[0, 1, 2, 3, 4].map((i) => frame(Message.Have, i)));
  assertEquals([stream.sent, link.sending], [[...all], 0]);
  assertEquals(pair.drained - before, 1);
});

Deno.test("while the disk does not keep up nothing is read, and then all of it", async () => {
  const { stream, reads, diary, connection } = new Pair();
  stream.say(encodeHandshake(handshake(2)));
  reads.pending(2_000);
  stream.say(frame(Message.Have, 1));
  stream.say(frame(Message.Have, 2));
  assertEquals([diary.lines, stream.available, connection.held], [["opened"], 18, true]);
  reads.pending(-2_000);
  await Promise.resolve();
  assertEquals([diary.lines, connection.held], [["opened", "have 1", "have 2"], false]);
});

Deno.test("the peer's end is heard after all it said", async () => {
  const { stream, running, connection, diary } = new Pair();
  stream.ended = true;
  stream.say(concat(encodeHandshake(handshake(2)), frame(Message.Have, 1)));
  await running;
  assertEquals([connection.closeReason, stream.closed], ["Closed by the peer", true]);
  assertEquals(diary.lines.slice(0, 2), ["opened", "have 1"]);
});

Deno.test("how it broke off is told", async () => {
  for (const [end, reason] of [["reset", "reset"], ["silent", "Timed out"]] as const) {
    const { stream, running, connection } = new Pair();
    stream.listener?.closed(end);
    await running;
    assertEquals(connection.closeReason?.includes(reason), true, end);
  }
});

Deno.test("a fault of ours ends the connection and is reported", async () => {
  const { stream, running, faults, diary, connection } = new Pair();
  diary.have = () => {
    throw new TypeError("a mistake");
  };
  stream.say(concat(encodeHandshake(handshake(2)), frame(Message.Have, 1)));
  await running;
  assertEquals([faults.map(String), connection.phase], [["TypeError: a mistake"], "closed"]);
});

Deno.test("a connection that ends while it waits for its turn reads no more", async () => {
  const { stream, reads, running, connection, diary } = new Pair();
  stream.say(encodeHandshake(handshake(2)));
  reads.pending(2_000);
  stream.say(frame(Message.Have, 1));
  connection.close("The test ends");
  reads.pending(-2_000);
  await running;
  assertEquals([diary.lines.includes("have 1"), stream.closed], [false, true]);
});
