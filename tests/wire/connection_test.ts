import { assert, assertEquals, assertFalse } from "@std/assert";
import { Bitfield, concat, millis, utf8 } from "../../src/base/mod.ts";
import { encodeHandshake, Message, PeerConnection } from "../../src/wire/mod.ts";
import {
  BITFIELD,
  Diary,
  frame,
  GEOMETRY,
  handshake,
  hear,
  NOW,
  QuietLink,
  Talk,
  uint32,
} from "./talk.ts";

Deno.test("a connection we make sends its handshake first, one made to us answers", () => {
  const ours = handshake(1);
  const outgoing = new PeerConnection(ours, () => null, NOW);
  assertEquals(outgoing.out.take().slice(), encodeHandshake(ours));

  const incoming = new Talk(null);
  assertEquals(incoming.connection.out.length, 0);
  incoming.hear(encodeHandshake(handshake(2)));
  assertEquals(incoming.connection.out.take().slice(), encodeHandshake(ours));
  assertEquals(incoming.connection.remoteId, handshake(2).peerId);
  assertEquals(incoming.diary.lines, ["opened"]);
});

Deno.test("the first message of all is written right behind the handshake", () => {
  const talk = new Talk(null);
  const bitfield = new Uint8Array(BITFIELD);
  talk.diary.onOpened = () => talk.connection.out.bytes(Message.Bitfield, bitfield);
  // the peer is quick: its handshake and its first messages come in one read
  talk.hear(concat(encodeHandshake(handshake(2)), frame(2), frame(6, 0, 0, 16_384)));
  assertEquals(
    talk.connection.out.take().slice(),
    concat(encodeHandshake(handshake(1)), frame(5, bitfield)),
  );
  assertEquals(talk.diary.lines, ["opened", "interested", "request 0 0 16384"]);
});

Deno.test("a handshake and messages are read a byte at a time", () => {
  const talk = new Talk(null);
  const bytes = concat(encodeHandshake(handshake(2)), frame(14), frame(7, 3, 0, new Uint8Array(9)));
  talk.hear(bytes, 1);
  assertEquals(talk.diary.lines, ["opened", "bitfield", "block 3 0 9"]);
});

Deno.test("capabilities count when both sides have them", () => {
  for (const fast of [true, false]) {
    for (const extended of [true, false]) {
      const { connection } = new Talk({ fast, extended });
      assertEquals([connection.fast, connection.extended], [fast, extended]);
    }
  }
});

Deno.test("a peer's DHT port is heard from who has a node, when we have one", () => {
  const mine = handshake(1, { dht: true });
  for (
    const [theirs, ours, heard] of [[true, true, 1], [true, false, 0], [false, true, 0]] as const
  ) {
    const diary = new Diary();
    const accepted = { geometry: GEOMETRY, handler: diary, mine: ours ? mine : handshake(1) };
    const talk = new Talk({ dht: theirs }, () => accepted);
    talk.hear(frame(Message.Port, new Uint8Array([0x1a, 0xe1])));
    talk.hear(frame(Message.Port, new Uint8Array([0, 0])));
    assertEquals(diary.events, heard === 1 ? [{ type: "port", port: 6881 }] : []);
    assertEquals(talk.connection.phase, "open");
    talk.hear(frame(Message.Port, new Uint8Array([1])));
    assertEquals(talk.connection.phase, heard === 1 ? "closed" : "open");
  }
});

Deno.test("a refused handshake ends the connection without blame", () => {
  const talk = new Talk({}, () => null);
  assertEquals(talk.link.closedFor, "Refused at the handshake");
  assertFalse(talk.connection.faulty);
  assertEquals(talk.diary.lines, []);
});

Deno.test("another protocol is dropped at its first byte", () => {
  const talk = new Talk(null);
  talk.hear(utf8("G"));
  assertEquals(talk.link.closedFor, "Expected a BitTorrent handshake");
  assert(talk.connection.faulty);
});

Deno.test("every message reaches the handler", () => {
  const talk = new Talk();
  const have = new Bitfield(GEOMETRY.pieceCount);
  have.add(3);
  const block = new Uint8Array(16_384);
  talk.hear(concat(
    frame(Message.Bitfield, have.toWire()),
    frame(Message.Choke),
    frame(Message.Unchoke),
    frame(Message.Interested),
    frame(Message.NotInterested),
    frame(Message.Have, 19),
    frame(Message.Request, 19, 0, 1_000),
    frame(Message.Piece, 1, 16_384, block),
    frame(Message.Cancel, 1, 0, 16_384),
    frame(Message.Reject, 2, 16_384, 16_384),
    frame(Message.AllowedFast, 4),
    frame(Message.Extended, utf8("\x00d1:v1:xe")),
    frame(Message.Extended, new Uint8Array([1, 1])),
    frame(Message.Extended, new Uint8Array([2]), 19),
    frame(Message.Extended, utf8("\xfeanything")),
  ));
  assertEquals(talk.diary.lines, [
    "bitfield",
    "choke",
    "unchoke",
    "interested",
    "not-interested",
    "have 19",
    "request 19 0 1000",
    "block 1 16384 16384",
    "cancel",
    "reject",
    "allowed-fast",
    "extension-handshake",
    "upload-only",
    "dont-have",
  ]);
  const [first, , , , , cancel, reject, allowed, , only, lost] = talk.diary.events;
  assert(first?.type === "bitfield");
  assertEquals([...first.have], [3]);
  assertEquals(cancel, { type: "cancel", piece: 1, begin: 0, length: 16_384 } as typeof cancel);
  assertEquals(
    reject,
    { type: "reject", piece: 2, begin: 16_384, length: 16_384 } as typeof reject,
  );
  assertEquals(allowed, { type: "allowed-fast", piece: 4 } as typeof allowed);
  assertEquals(only, { type: "upload-only", on: true });
  assertEquals(lost, { type: "dont-have", piece: 19 } as typeof lost);
});

Deno.test("have all and have none stand for bitfields", () => {
  for (const [id, count] of [[Message.HaveAll, 20], [Message.HaveNone, 0]] as const) {
    const talk = new Talk();
    talk.hear(frame(id));
    const [event] = talk.diary.events;
    assert(event?.type === "bitfield");
    assertEquals(event.have.count, count);
  }
});

Deno.test("bitfields are taken again and again, as aria2 sends them in place of haves", () => {
  const talk = new Talk();
  const bitfield = frame(Message.Bitfield, new Uint8Array(BITFIELD));
  talk.hear(
    concat(frame(Message.Have, 1), frame(Message.HaveNone), bitfield, frame(Message.Have, 2)),
  );
  assertEquals(talk.diary.lines, ["have 1", "bitfield", "bitfield", "have 2"]);
  for (let i = 0; i < 50; i++) talk.hear(bitfield);
  assertEquals(talk.connection.phase, "open");
});

Deno.test("have all and have none, cheap to say and dear to hear, are not taken for ever", () => {
  const talk = new Talk();
  for (let i = 0; i < 4; i++) talk.hear(frame(Message.HaveAll));
  assertEquals(talk.connection.phase, "open");
  talk.hear(frame(Message.HaveNone));
  assertEquals(talk.connection.closeReason, "Expected no more have all or have none");
});

Deno.test("unknown messages, suggestions and a DHT port are passed over", () => {
  const talk = new Talk();
  talk.hear(concat(frame(99, 1, 2, 3), frame(Message.Port), frame(Message.Suggest, 3), frame(255)));
  assertEquals(talk.diary.lines, []);
  assertEquals(talk.connection.phase, "open");
});

Deno.test("a keep-alive counts as a word", () => {
  const talk = new Talk();
  talk.hear(uint32(0), Infinity, millis(77_000));
  assertEquals(talk.connection.lastReceived, 77_000);
  assertEquals(talk.diary.lines, []);
});

const wrongSizes = [
  ...[Message.Choke, Message.Unchoke, Message.Interested, Message.NotInterested].map((id) =>
    frame(id, 0)
  ),
  frame(Message.Have),
  frame(Message.Have, 1, 2),
  frame(Message.Request, 1, 2),
  frame(Message.Request, 1, 2, 3, 4),
  frame(Message.Cancel, 1, 2),
  frame(Message.Piece, 1, 2),
  frame(Message.Piece),
  frame(Message.HaveAll, 0),
  frame(Message.HaveNone, 0),
  frame(Message.Reject, 1),
  frame(Message.AllowedFast),
  frame(Message.Suggest, 1, 2),
  frame(Message.Extended),
];
const outside = [
  frame(Message.Have, 20),
  frame(Message.Have, 0xffff_ffff),
  frame(Message.Request, 20, 0, 16_384),
  frame(Message.Request, 0, 0, 0),
  frame(Message.Request, 0, 0, 32_769),
  frame(Message.Request, 0, 32_768, 1),
  frame(Message.Request, 0, 0xffff_ffff, 16_384),
  frame(Message.Request, 0, 16_384, 0xffff_ffff),
  frame(Message.Request, 19, 0, 1_001),
  frame(Message.Piece, 20, 0, new Uint8Array(10)),
  frame(Message.Piece, 19, 995, new Uint8Array(6)),
  frame(Message.Piece, 0, 0xffff_fff0, new Uint8Array(16)),
  frame(Message.Cancel, 20, 0, 1),
  frame(Message.Reject, 20, 0, 1),
  frame(Message.AllowedFast, 20),
  frame(Message.Suggest, 20),
];
const bitfields = [
  frame(Message.Bitfield, new Uint8Array(BITFIELD - 1)),
  frame(Message.Bitfield, new Uint8Array(BITFIELD + 1)),
  frame(Message.Bitfield),
  frame(Message.Bitfield, new Uint8Array(BITFIELD).fill(0xff)), // spare bits set
];
const extensions = [
  frame(Message.Extended, utf8("\x00")),
  frame(Message.Extended, utf8("\x00le")),
  frame(Message.Extended, utf8("\x00d1:x")),
  frame(Message.Extended),
  frame(Message.Extended, new Uint8Array([1])),
  frame(Message.Extended, new Uint8Array([1, 1, 1])),
  frame(Message.Extended, new Uint8Array([2, 0, 0, 1])),
  frame(Message.Extended, new Uint8Array([2]), 20),
  frame(Message.Extended, new Uint8Array([2]), 0xffff_ffff),
  frame(Message.Extended, new Uint8Array([2]), 1, 1),
];

for (
  const [what, cases] of Object.entries({
    "of a wrong size": wrongSizes,
    "outside the torrent": outside,
    "with a bad bitfield": bitfields,
    "of extensions that cannot be read": extensions,
    "too long": [concat(uint32(128 * 1024 + 1025), new Uint8Array([20])), uint32(0xffff_ffff)],
  })
) {
  Deno.test(`messages ${what} end the connection with a reason and the blame`, () => {
    for (const bytes of cases) {
      const talk = new Talk();
      talk.hear(bytes, 1);
      const told = `after ${bytes.subarray(0, 30)}`;
      assertEquals(talk.connection.phase, "closed", told);
      assert(talk.connection.faulty, told);
      assert(talk.link.closedFor?.startsWith("Expected"), told);
      assertEquals(talk.connection.closeReason, talk.link.closedFor);
      assertEquals(talk.diary.lines.at(-1), `closed ${talk.link.closedFor}`);
    }
  });
}

Deno.test("messages of extensions that were not agreed on end the connection", () => {
  const fast = [
    frame(Message.HaveAll),
    frame(Message.HaveNone),
    frame(Message.Reject, 1, 0, 16_384),
    frame(Message.AllowedFast, 1),
    frame(Message.Suggest, 1),
  ];
  for (const bytes of [...fast, frame(Message.Extended, utf8("\x00de"))]) {
    const talk = new Talk({ fast: false, extended: false });
    talk.hear(bytes);
    assertEquals(talk.connection.phase, "closed");
    assert(talk.connection.faulty);
  }
});

Deno.test("nothing is heard of a connection after its end, and the end is told once", () => {
  const talk = new Talk();
  talk.hear(concat(frame(Message.Have, 1), frame(Message.Have, 99), frame(Message.Have, 2)));
  talk.connection.close("again");
  assertEquals(talk.diary.lines, ["have 1", "closed Expected a piece below 20, got 99"]);
});

Deno.test("what was said before the end is heard", () => {
  const talk = new Talk();
  talk.connection.close("Enough");
  assertEquals(talk.connection.closeReason, "Enough");
  assertFalse(talk.connection.faulty);
  talk.connection.out.keepAlive();
  talk.connection.flush(NOW);
  assertEquals(talk.link.flushes, 0);
});

Deno.test("a flush counts as our word only when there is something to send", () => {
  const talk = new Talk();
  talk.connection.flush(millis(50_000));
  assertEquals(talk.connection.lastSent, NOW);
  talk.connection.out.keepAlive();
  talk.connection.flush(millis(50_000));
  assertEquals(talk.connection.lastSent, 50_000);
  assertEquals(talk.link.flushes, 1);
});

Deno.test("a fault of our own is not taken for one of the peer", () => {
  const diary = new Diary();
  const mine = handshake(1);
  const accept = () => ({ geometry: GEOMETRY, handler: diary, mine });
  const connection = new PeerConnection(null, accept, NOW);
  connection.attach(new QuietLink());
  diary.onOpened = () => {
    throw new TypeError("ours");
  };
  let caught: unknown = null;
  try {
    hear(connection, encodeHandshake(handshake(2)));
  } catch (error) {
    caught = error;
  }
  assert(caught instanceof TypeError);
  assertFalse(connection.faulty);
});

/** A talk whose buffers have grown by a burst of blocks both ways. */
function busy(): Talk {
  const talk = new Talk();
  const block = new Uint8Array(16_384);
  for (let round = 0; round < 8; round++) {
    talk.hear(concat(...new Array(32).fill(frame(7, 0, 0, block))));
    for (let i = 0; i < 8; i++) talk.connection.out.piece(0, 0, block);
    talk.connection.flush(NOW);
    talk.connection.out.take();
  }
  return talk;
}

Deno.test("a connection that goes quiet gives its buffers back", () => {
  const { connection } = busy();
  assertEquals(connection.reader.buffer.length, 256 * 1024);
  const later = millis(NOW + 30_000);
  connection.tick(later);
  connection.out.keepAlive();
  assertEquals(connection.out.take().buffer.byteLength, 1024);
  hear(connection, uint32(0), Infinity, later);
  connection.reader.space();
  assertEquals(connection.reader.buffer.length, 16 * 1024);
});

Deno.test("a connection that is over holds no buffers", () => {
  const { connection } = busy();
  connection.close("Enough");
  assertEquals(connection.reader.buffer.length, 0);
  assertEquals(connection.out.take().buffer.byteLength, 0);
});
