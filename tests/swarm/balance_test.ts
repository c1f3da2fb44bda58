import { assert, assertEquals, assertFalse } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { Balance } from "../../src/swarm/mod.ts";

const ROUND = 10;

/** A balance and its clock: each round the peer gives and takes so much. */
class Books {
  readonly balance = new Balance();
  seconds = 0;
  #given = 0;
  #taken = 0;

  round(
    given: number,
    taken: number,
    over: { unchoked?: boolean; wanted?: boolean; asks?: boolean } = {},
  ): void {
    this.seconds += ROUND;
    const round = { unchoked: true, wanted: true, asks: false, ...over };
    this.balance.close(
      { given: this.#given += given, taken: this.#taken += taken, ...round },
      this.now,
    );
  }

  get now() {
    return millis(this.seconds * 1000);
  }

  get rests(): boolean {
    return this.balance.rests(this.now);
  }

  get idle(): boolean {
    return this.balance.idle(this.now);
  }

  /** Rounds until it may be tried again. */
  rest(): number {
    let rounds = 0;
    for (; this.rests; rounds++) this.round(0, 0, { unchoked: false });
    return rounds;
  }
}

Deno.test("what counts is what was given and taken in the last two rounds", () => {
  const books = new Books();
  const seen: [number, number][] = [];
  for (const [given, taken] of [[5, 1], [7, 2], [0, 3], [0, 0], [1, 0]] as const) {
    books.round(given, taken);
    seen.push([books.balance.given, books.balance.taken]);
  }
  assertEquals(seen, [[5, 1], [12, 3], [7, 5], [0, 3], [1, 0]]);
});

Deno.test("who has a slot for three rounds and gives nothing withholds, until it gives", () => {
  const books = new Books();
  for (let i = 0; i < 2; i++) books.round(0, 9);
  assertFalse(books.balance.withholds);
  books.round(0, 9);
  assert(books.balance.withholds && books.rests);
  books.round(1, 9);
  assertFalse(books.balance.withholds || books.rests);
});

Deno.test("who was choked, or has nothing we want, does not withhold", () => {
  const books = new Books();
  for (let i = 0; i < 20; i++) books.round(0, 0, { unchoked: false });
  for (let i = 0; i < 20; i++) books.round(0, 9, { wanted: false });
  assertFalse(books.balance.withholds);
});

Deno.test("who is tried in vain rests two minutes, and twice as long each time up to sixteen", () => {
  const books = new Books();
  const rests: number[] = [];
  for (let i = 0; i < 6; i++) {
    for (let round = 0; round < 3; round++) books.round(0, 9);
    assert(books.balance.withholds);
    rests.push(books.rest() * ROUND / 60);
    assert(books.balance.withholds, "Expected it to be tried out of turn only");
  }
  assertEquals(rests, [2, 4, 8, 16, 16, 16]);
  books.round(1, 9);
  for (let round = 0; round < 3; round++) books.round(0, 9);
  assertEquals(books.rest() * ROUND / 60, 2);
});

Deno.test("who takes nothing in two rounds comes last for two minutes, or until it takes something", () => {
  const books = new Books();
  books.round(1, 0);
  assertFalse(books.idle);
  books.round(1, 0);
  assert(books.idle);
  books.round(1, 1);
  assertFalse(books.idle);
  books.round(1, 0);
  books.round(1, 0);
  let rounds = 0;
  for (; books.idle; rounds++) books.round(1, 0, { unchoked: false });
  assertEquals(rounds, 12);
});

Deno.test("who waits for us is not idle, nor who is choked", () => {
  const books = new Books();
  for (let i = 0; i < 5; i++) books.round(1, 0, { asks: true });
  for (let i = 0; i < 5; i++) books.round(1, 0, { unchoked: false });
  assertFalse(books.idle);
});
