import { assert, assertEquals } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import {
  encodeMetadataRequest,
  encodeUploadOnly,
  Message,
  OUR_EXTENSIONS,
} from "../../src/wire/mod.ts";
import { BITFIELD, Diary, frame, GEOMETRY, handshake, NOW, Talk } from "./talk.ts";

/** A connection of a torrent whose size is not known. */
class EarlyTalk {
  readonly diary = new Diary();
  readonly talk: Talk;

  constructor(over = {}) {
    this.talk = new Talk(
      over,
      () => ({ geometry: null, handler: this.diary, mine: handshake(1) }),
    );
    this.diary.lines.length = 0;
  }

  settle(): { readonly settled: boolean; readonly lines: readonly string[] } {
    const later = new Diary();
    const settled = this.talk.connection.settle(GEOMETRY, later, NOW);
    return { settled, lines: later.lines };
  }
}

const extension = (name: string, payload: Uint8Array) =>
  frame(Message.Extended, new Uint8Array([OUR_EXTENSIONS[name]!]), payload);
const greeting = frame(Message.Extended, new Uint8Array([0]), utf8("d1:v1:xe"));

Deno.test("what a peer says of pieces waits until there are any, in its order", () => {
  const { talk, diary, settle } = bound();
  talk.hear(frame(Message.Unchoke));
  talk.hear(frame(Message.Bitfield, new Uint8Array(BITFIELD)));
  talk.hear(frame(Message.Have, 19));
  talk.hear(frame(Message.Interested));
  assertEquals(diary.lines, []);
  const { settled, lines } = settle();
  assert(settled);
  assertEquals(lines, ["unchoke", "bitfield", "have 19", "interested"]);
  talk.hear(frame(Message.Have, 3));
  assertEquals(lines.at(-1), "have 3");
});

Deno.test("what needs no pieces is heard at once, and greetings again by who comes later", () => {
  const { talk, diary, settle } = bound();
  talk.hear(greeting);
  talk.hear(extension("ut_metadata", encodeMetadataRequest(0)));
  talk.hear(extension("upload_only", encodeUploadOnly(true)));
  talk.hear(extension("lt_donthave", new Uint8Array(4)));
  assertEquals(diary.lines, ["extension-handshake", "metadata-request"]);
  assertEquals(settle().lines, ["extension-handshake", "upload-only", "dont-have"]);
});

Deno.test("requests and blocks that nobody can mean so early are passed over", () => {
  const { talk, settle } = bound();
  talk.hear(frame(Message.Request, 0, 0, 16_384));
  talk.hear(frame(Message.Piece, 0, 0, new Uint8Array(16_384)));
  talk.hear(frame(Message.Cancel, 0, 0, 16_384));
  talk.hear(frame(77, 1));
  assertEquals(settle(), { settled: true, lines: [] });
});

Deno.test("what was said early is checked when it is heard", () => {
  for (const wrong of [frame(Message.Have, 20), frame(Message.Bitfield, new Uint8Array(4))]) {
    const { talk, settle } = bound();
    talk.hear(wrong);
    assertEquals(talk.connection.phase, "open");
    const { settled, lines } = settle();
    assertEquals(settled, false);
    assert(lines.at(-1)!.startsWith("closed Expected"));
    assert(talk.connection.faulty);
  }
});

Deno.test("a peer that says too much early is closed when it should be heard, and no fault of it", () => {
  const { talk, settle } = bound();
  for (let i = 0; i < 20_000; i++) talk.hear(frame(Message.Have, i % 20));
  assertEquals(talk.connection.phase, "open");
  const { settled, lines } = settle();
  assertEquals([settled, lines], [false, ["closed Said too much before its torrent was known"]]);
  assertEquals(talk.connection.faulty, false);
});

Deno.test("the longest bitfield there can be is taken early, a longer message is not", () => {
  const { talk } = bound();
  talk.hear(frame(Message.Bitfield, new Uint8Array(200_000)));
  assertEquals(talk.connection.phase, "open");
  talk.hear(frame(Message.Bitfield, new Uint8Array(220_000)));
  assertEquals(talk.connection.phase, "closed");
});

Deno.test("extension messages are not taken from who does not speak them, early neither", () => {
  const early = new EarlyTalk({ extended: false });
  early.talk.hear(greeting);
  assertEquals(early.talk.connection.phase, "closed");
  const empty = new EarlyTalk();
  empty.talk.hear(frame(Message.Extended));
  assertEquals(empty.talk.connection.phase, "closed");
});

function bound() {
  const early = new EarlyTalk();
  return { talk: early.talk, diary: early.diary, settle: () => early.settle() };
}
