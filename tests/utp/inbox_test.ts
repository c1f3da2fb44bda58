import { assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import { Inbox as MeteredInbox } from "../../src/utp/inbox.ts";
import { InboxMemory, RECEIVE_WINDOW } from "../../src/utp/inbox_memory.ts";

const plenty = () => new InboxMemory(Infinity);

/** One that shares with nobody. */
class Inbox extends MeteredInbox {
  constructor(ack: number, memory = plenty()) {
    super(ack, memory);
  }
}

const byte = (value: number) => new Uint8Array([value]);

function readAll(inbox: Inbox): number[] {
  const into = new Uint8Array(100);
  return [...into.subarray(0, inbox.read(into))];
}

Deno.test("packets are read in their order, over the end of the numbers", () => {
  const inbox = new Inbox(0xfffe);
  assertEquals(inbox.take(1, byte(3), false), "early");
  assertEquals(inbox.take(0, byte(2), false), "early");
  assertEquals(inbox.take(1, byte(9), false), "old");
  assertEquals([readAll(inbox), inbox.ack], [[], 0xfffe]);
  assertEquals(inbox.take(0xffff, byte(1), false), "next");
  assertEquals([readAll(inbox), inbox.ack], [[1, 2, 3], 1]);
  assertEquals(inbox.take(0xffff, byte(9), false), "old");
});

Deno.test("the mask says what came after the gap", () => {
  const inbox = new Inbox(100);
  assertEquals(inbox.mask().length, 0);
  inbox.take(102, byte(0), false);
  assertEquals([...inbox.mask()], [1, 0, 0, 0]);
  inbox.take(109, byte(0), false);
  inbox.take(134, byte(0), false);
  assertEquals([...inbox.mask()], [0x81, 0, 0, 0, 1, 0, 0, 0]);
  inbox.take(101, byte(0), false);
  assertEquals([inbox.ack, ...inbox.mask()], [102, 0x20, 0, 0, 0x40]);
});

Deno.test("what is too far ahead or after the end is refused", () => {
  const inbox = new Inbox(0);
  assertEquals(inbox.take(1_025, byte(0), false), "refused");
  assertEquals(inbox.take(1_024, byte(0), false), "early");
  assertEquals(inbox.take(5, new Uint8Array(0), true), "early");
  assertEquals(inbox.take(6, byte(0), false), "refused");
  for (let seq = 1; seq < 5; seq++) inbox.take(seq, byte(seq), false);
  assertEquals([inbox.ended, inbox.ack, inbox.early], [true, 5, 0]);
  assertEquals(inbox.take(6, byte(0), false), "refused");
  assertEquals(readAll(inbox), [1, 2, 3, 4]);
});

Deno.test("there is room for a mebibyte, single bytes cost more, and reading makes room", () => {
  const inbox = new Inbox(0);
  const part = new Uint8Array(1_400);
  let seq = 0;
  while (inbox.take((seq + 1) & 0xffff, part, false) === "next") seq++;
  assertGreater(seq * part.length, 0.9 * RECEIVE_WINDOW);
  assertLess(inbox.window, part.length + 200);
  const drained = new Uint8Array(RECEIVE_WINDOW);
  assertEquals(inbox.read(drained), seq * part.length);
  assertEquals([inbox.window, inbox.readable], [RECEIVE_WINDOW, 0]);
  let count = 0;
  for (; inbox.take((seq + 1) & 0xffff, byte(1), false) === "next"; seq++) count++;
  assertLess(count, 10_000);
});

Deno.test("the packet that all wait for has room, whatever came after it", () => {
  const inbox = new Inbox(0);
  const part = new Uint8Array(1_400);
  for (let seq = 2; seq <= 1_024; seq++) inbox.take(seq, part, false);
  assertLess(inbox.window, part.length);
  assertEquals(inbox.take(1, part, false), "next");
});

Deno.test("the end may carry the last bytes, before its turn and in it", () => {
  const early = new Inbox(0);
  assertEquals(early.take(2, byte(2), true), "early");
  assertEquals([early.ended, readAll(early)], [false, []]);
  assertEquals(early.take(1, byte(1), false), "next");
  assertEquals([early.ended, early.ack, readAll(early)], [true, 2, [1, 2]]);
  const next = new Inbox(0);
  assertEquals(next.take(1, byte(1), true), "next");
  assertEquals([next.ended, readAll(next), next.kept], [true, [1], 0]);
});

Deno.test("of an end that comes twice the first counts, whatever the other says", () => {
  for (const other of [byte(2), byte(9), new Uint8Array(0), new Uint8Array(1_400)]) {
    const inbox = new Inbox(0);
    assertEquals(inbox.take(2, byte(2), true), "early");
    const { kept } = inbox;
    assertEquals(inbox.take(2, other, true), "old");
    assertEquals(inbox.take(2, other, false), "old");
    assertEquals(inbox.kept, kept);
    inbox.take(1, byte(1), false);
    assertEquals(inbox.take(2, other, true), "old");
    assertEquals([inbox.ended, readAll(inbox), inbox.kept], [true, [1, 2], 0]);
  }
});

Deno.test("what lies after an end with bytes is refused, or forgotten when it was first", () => {
  const inbox = new Inbox(0);
  assertEquals(inbox.take(4, byte(4), false), "early");
  assertEquals(inbox.take(2, byte(2), true), "early");
  for (const fin of [false, true]) {
    assertEquals(inbox.take(3, byte(3), fin), "refused");
    assertEquals(inbox.take(5, byte(5), fin), "refused");
  }
  // nor is there an earlier end
  assertEquals(inbox.take(1, byte(1), true), "refused");
  assertEquals(inbox.take(1, byte(1), false), "next");
  assertEquals([inbox.ended, inbox.early, readAll(inbox), inbox.kept], [true, 0, [1, 2], 0]);
});

Deno.test("there is one end, and it has room beyond all others only without bytes", () => {
  const inbox = new Inbox(0);
  const part = new Uint8Array(1_400);
  for (let seq = 2; seq <= 1_000; seq++) inbox.take(seq, part, false);
  const { kept } = inbox;
  for (const size of [1_400, 60_000]) {
    assertEquals(inbox.take(1_001, new Uint8Array(size), true), "refused");
  }
  // it was refused as a whole: there is no end yet
  assertEquals(inbox.take(1_002, new Uint8Array(0), true), "early");
  assertLess(inbox.kept, kept + 129);
  for (let seq = 1_001; seq > 900; seq--) {
    for (const size of [0, 1]) {
      assertNotEquals(inbox.take(seq, new Uint8Array(size), true), "early");
    }
  }
  assertLess(inbox.kept, kept + 129);
});

Deno.test("data in order counts beside what waits after a gap", () => {
  const inbox = new Inbox(0);
  const part = new Uint8Array(1_400);
  for (let seq = 400; seq <= 1_024; seq++) inbox.take(seq, part, false);
  let seq = 0;
  while (inbox.take(seq + 1, part, false) === "next") seq++;
  assertLess(inbox.kept, RECEIVE_WINDOW + 1_528);
  assertGreater(inbox.kept, 0.99 * RECEIVE_WINDOW);
  assertLess(seq, 400);
  // the reader takes some: there is a next step
  inbox.read(new Uint8Array(100 * 1_400));
  assertEquals(inbox.take(seq + 1, part, false), "next");
});

Deno.test("all connections together keep so much, each goes on with a little, and all is given back", () => {
  const memory = new InboxMemory(8 * RECEIVE_WINDOW);
  const part = new Uint8Array(1_400);
  const inboxes = Array.from({ length: 100 }, () => new Inbox(0, memory));
  for (const inbox of inboxes) {
    for (let seq = 2; seq < 1_024; seq++) inbox.take(seq, part, false);
    assertEquals(inbox.take(1, part, false), "next");
    for (let seq = 2; seq < 1_024; seq++) inbox.take(seq, part, false);
  }
  assertEquals(memory.held, inboxes.reduce((sum, { kept }) => sum + kept, 0));
  assertLess(memory.held, (8 + 100 / 16) * RECEIVE_WINDOW + 100 * 1_600);
  const [first, second, third, ...others] = inboxes;
  assertGreater(first!.kept, 0.8 * RECEIVE_WINDOW);
  assertGreater(others.at(-1)!.readable, 40_000);
  first!.read(new Uint8Array(2 * RECEIVE_WINDOW));
  second!.discard();
  third!.free();
  for (const other of others) other.free();
  assertEquals(memory.held, first!.kept + second!.kept);
  second!.free();
  first!.free();
  assertEquals(memory.held, 0);
});

Deno.test("a byte in a packet full of extensions does not keep the packet", () => {
  const inbox = new Inbox(0);
  const stuffed = new Uint8Array(60_000);
  inbox.take(2, stuffed.subarray(59_999), false);
  // the packet is whoever's buffer it was, the byte is ours
  stuffed.fill(9);
  inbox.take(1, byte(1), false);
  assertEquals(readAll(inbox), [1, 0]);
});
