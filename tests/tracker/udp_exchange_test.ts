import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type Bytes,
  concat,
  type Endpoint,
  type Millis,
  millis,
  readUint32,
  SeededRandom,
  TrackerError,
  utf8,
} from "../../src/base/mod.ts";
import {
  CONNECTION_LIFE,
  readUdpHead,
  TrackerRefusal,
  UdpAction,
  type UdpAsked,
  UdpExchange,
  type UdpOutcome,
  type UdpQuestion,
} from "../../src/tracker/mod.ts";

const TRACKER = { host: "198.51.100.1", port: 80 };
const OTHER = { host: "198.51.100.1", port: 81 };
const SECOND = 1_000;
const ID = new Uint8Array(8).fill(5);

/** A question whose answer is the byte after its head. */
const QUESTION: UdpQuestion<number> = {
  encode: (connection, transaction) =>
    concat(connection, new Uint8Array([0, 0, 0, UdpAction.announce]), word(transaction)),
  decode: (answer) => {
    if (readUdpHead(answer)?.action === UdpAction.error) throw new TrackerRefusal("refused");
    if (answer.length < 9) throw new TrackerError("short");
    return answer[8]!;
  },
};

interface Sent {
  readonly at: number;
  readonly kind: "connect" | "question";
  readonly connection: Bytes;
  readonly transaction: number;
  readonly to: Endpoint;
}

/** An exchange with a clock, and what it sent. */
class Desk {
  readonly sent: Sent[] = [];
  readonly exchange = new UdpExchange((packet, to) => {
    const kind = readUint32(packet, 8) === UdpAction.connect ? "connect" : "question";
    const transaction = readUint32(packet, 12);
    this.sent.push({ at: this.now, kind, connection: packet.slice(0, 8), transaction, to });
  }, new SeededRandom(1));
  readonly outcomes: UdpOutcome<number>[] = [];
  now: Millis = millis(0);

  ask(to = TRACKER, patience?: number): UdpAsked {
    const done = (outcome: UdpOutcome<number>) => void this.outcomes.push(outcome);
    return this.exchange.ask(to, QUESTION, this.now, done, patience);
  }

  get last(): Sent {
    return this.sent.at(-1)!;
  }

  wait(ms: number): void {
    this.now = millis(this.now + ms);
  }

  /** Something answers what was sent last, in the right way or with `action`, `body`, another sender or number. */
  answer(over: { action?: number; body?: Bytes; from?: Endpoint; transaction?: number } = {}) {
    const { kind, transaction } = this.last;
    const action = over.action ?? (kind === "connect" ? UdpAction.connect : UdpAction.announce);
    const body = over.body ?? (kind === "connect" ? ID : new Uint8Array([7]));
    const packet = concat(word(action), word(over.transaction ?? transaction), body);
    this.exchange.receive(packet, over.from ?? TRACKER, this.now);
  }

  /** Lets the clock run until nothing is due any more; how often something was. */
  run(): number {
    for (let rounds = 0;; rounds++) {
      const at = this.exchange.nextDeadline();
      if (!Number.isFinite(at)) return rounds;
      this.now = millis(at);
      this.exchange.tick(this.now);
    }
  }

  get errors(): string[] {
    return this.outcomes.map((outcome) => outcome.ok ? "none" : outcome.error.message);
  }
}

function word(value: number): Bytes {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}

const kinds = (sent: readonly Sent[]) => sent.map(({ kind }) => kind);

Deno.test("a connection id is asked for, then the question goes out with it", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  desk.answer();
  assertEquals(kinds(desk.sent), ["connect", "question"]);
  assertEquals(desk.last.connection, ID);
  assertNotEquals(desk.sent[0]!.transaction, desk.sent[1]!.transaction);
  assertEquals(desk.outcomes, [{ ok: true, answer: 7 }]);
  assertEquals(desk.exchange.nextDeadline(), Infinity);
});

Deno.test("a connection id serves a minute, for its own address only", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  desk.answer();
  desk.wait(CONNECTION_LIFE - 1);
  desk.ask();
  desk.answer();
  assertEquals(kinds(desk.sent), ["connect", "question", "question"]);
  desk.ask(OTHER);
  assertEquals([desk.last.kind, desk.last.to], ["connect", OTHER]);
  desk.wait(1);
  desk.ask();
  assertEquals([desk.last.kind, desk.last.to], ["connect", TRACKER]);
});

Deno.test("questions asked at once share one connect", () => {
  const desk = new Desk();
  for (let i = 0; i < 3; i++) desk.ask();
  assertEquals(kinds(desk.sent), ["connect"]);
  desk.answer();
  assertEquals(kinds(desk.sent), ["connect", "question", "question", "question"]);
  assertEquals(new Set(desk.sent.map(({ transaction }) => transaction)).size, 4);
  // one that comes when the connect was long lost asks anew
  const late = new Desk();
  late.ask();
  late.wait(5 * SECOND);
  late.ask();
  assertEquals(late.sent.map(({ at }) => at), [0, 5 * SECOND]);
});

Deno.test("silence: the connect is repeated after 15·2ⁿ s, n from 0 to 8, and then given up", () => {
  const desk = new Desk();
  desk.ask();
  desk.run();
  const gaps = desk.sent.slice(1).map(({ at }, i) => at - desk.sent[i]!.at);
  assertEquals(gaps, [15, 30, 60, 120, 240, 480, 960, 1920].map((gap) => gap * SECOND));
  assertEquals(desk.now - desk.last.at, 3840 * SECOND);
  assertEquals(desk.errors, ["No answer"]);
  // the same number each time, so that the answer to any of them will do
  assertEquals(new Set(desk.sent.map(({ transaction }) => transaction)).size, 1);
});

Deno.test("silence ends earlier where the asker has less patience", () => {
  const desk = new Desk();
  desk.ask(TRACKER, 45 * SECOND);
  desk.run();
  assertEquals(desk.sent.map(({ at }) => at), [0, 15 * SECOND]);
  assertEquals([desk.now, desk.errors], [45 * SECOND, ["No answer"]]);
});

Deno.test("a question that is not answered goes out again, with a new connection id when it had an old one", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  const first = desk.last;
  desk.wait(15 * SECOND);
  desk.exchange.tick(desk.now);
  assertEquals(desk.last, { ...first, at: 15 * SECOND });
  desk.answer();
  desk.ask();
  desk.wait(15 * SECOND);
  desk.exchange.tick(desk.now);
  assertEquals(desk.last.kind, "connect");
  const fresh = new Uint8Array(8).fill(6);
  desk.answer({ body: fresh });
  assertEquals([desk.last.kind, desk.last.connection], ["question", fresh]);
  desk.answer();
  assertEquals(desk.outcomes, Array(2).fill({ ok: true, answer: 7 }));
});

Deno.test("a connection id that grew too old between two tries is not used again", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  desk.wait(CONNECTION_LIFE);
  desk.exchange.tick(desk.now);
  assertEquals(desk.last.kind, "connect");
});

Deno.test("a late answer to the first try is taken while the second waits for its connect", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  const { transaction } = desk.last;
  desk.wait(CONNECTION_LIFE);
  desk.exchange.tick(desk.now);
  assertEquals(desk.last.kind, "connect");
  desk.answer({ action: UdpAction.announce, body: new Uint8Array([9]), transaction });
  assertEquals(desk.outcomes, [{ ok: true, answer: 9 }]);
});

Deno.test("spoofed answers are dropped: another address, another port, another number, nothing asked", () => {
  const desk = new Desk();
  desk.ask();
  for (const body of [ID, new Uint8Array([1])]) {
    const { length } = desk.sent;
    desk.answer({ from: OTHER, body });
    desk.answer({ from: { ...TRACKER, host: "198.51.100.2" }, body });
    desk.answer({ transaction: desk.last.transaction ^ 1, body });
    desk.exchange.receive(new Uint8Array(7), TRACKER, desk.now);
    assertEquals([desk.sent.length, desk.outcomes.length], [length, 0]);
    if (length === 1) desk.answer();
  }
  desk.answer();
  desk.answer({ body: new Uint8Array([8]) });
  assertEquals(desk.outcomes, [{ ok: true, answer: 7 }]);
});

Deno.test("an answer is not taken before its question was sent", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  const known = desk.last.transaction;
  const eager = new Desk();
  eager.ask();
  // the same seed: the number that the question will have
  eager.answer({ action: UdpAction.announce, transaction: known, body: new Uint8Array([1]) });
  assertEquals(eager.outcomes, []);
});

Deno.test("an error ends the question, a malformed answer too; a refused connect ends all that wait", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  desk.answer({ action: UdpAction.error, body: utf8("no") });
  desk.ask();
  desk.answer({ body: new Uint8Array() });
  assertEquals(desk.errors, ["refused", "short"]);
  const closed = new Desk();
  closed.ask();
  closed.ask();
  closed.answer({ action: UdpAction.error, body: utf8("closed") });
  assertEquals(closed.errors, Array(2).fill("The tracker refused: closed"));
  const short = new Desk();
  short.ask();
  short.answer({ body: new Uint8Array(7) });
  assertEquals(short.errors, ["Expected an answer of 16 bytes, got 15"]);
});

Deno.test("a tracker that began anew and knows the id no more is connected to once more", () => {
  const desk = new Desk();
  desk.ask();
  desk.answer();
  desk.answer();
  desk.wait(30 * SECOND);
  desk.ask();
  desk.answer({ action: UdpAction.error, body: utf8("bad connection id") });
  assertEquals(kinds(desk.sent), ["connect", "question", "question", "connect"]);
  desk.answer({ body: new Uint8Array(8).fill(6) });
  desk.answer({ action: UdpAction.error, body: utf8("no") });
  assertEquals(desk.errors, ["none", "refused"]);
});

Deno.test("what was cancelled says nothing, and the others go on", () => {
  const desk = new Desk();
  const first = desk.ask();
  desk.ask();
  desk.exchange.cancel(first);
  desk.exchange.cancel(first);
  desk.answer();
  assertEquals(kinds(desk.sent), ["connect", "question"]);
  desk.answer();
  assertEquals(desk.outcomes.length, 1);
  desk.exchange.cancel(desk.ask());
  assertEquals(desk.exchange.nextDeadline(), Infinity);
});

Deno.test("over a line that loses a packet in five nearly every question is answered", () => {
  let answered = 0;
  for (let seed = 0; seed < 200; seed++) {
    const line = new SeededRandom(seed);
    const lost = () => line.below(5) === 0;
    const desk = new Desk();
    desk.ask();
    for (let seen = 0; desk.outcomes.length === 0;) {
      if (seen < desk.sent.length) {
        seen = desk.sent.length;
        if (!lost() && !lost()) desk.answer();
      } else {
        assert(Number.isFinite(desk.exchange.nextDeadline()), `seed ${seed}`);
        desk.now = millis(desk.exchange.nextDeadline());
        desk.exchange.tick(desk.now);
      }
    }
    if (desk.outcomes[0]!.ok) answered++;
  }
  assert(answered >= 195, `${answered} of 200`);
});
