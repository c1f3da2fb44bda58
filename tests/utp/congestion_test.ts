/** How the window goes on when packets of others wait on the line, and how those of one socket look together. */
import { assertEquals, assertGreater, assertGreaterOrEqual, assertLess } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { Congestion } from "../../src/utp/congestion.ts";
import { Looks } from "../../src/utp/looks.ts";

const PACKET = 1_000;
const TRIP = 50;
/** What a look leaves. */
const LEAST = 2 * PACKET;

/** One whose whole window is answered in each round trip. */
class Flow {
  readonly congestion: Congestion;
  now = 1_000;

  constructor(looks = new Looks(), readonly trip = TRIP) {
    this.congestion = new Congestion(PACKET, looks);
  }

  get window(): number {
    return this.congestion.window;
  }

  /** Round trips, in which packets wait so many milliseconds. */
  trips(count: number, waits: number): this {
    for (; count > 0; count--) {
      const { window } = this;
      this.now += this.trip;
      for (let left = window; left > 0; left -= PACKET) {
        this.#arrived(Math.min(PACKET, left), waits);
      }
    }
    return this;
  }

  #arrived(bytes: number, waits: number): void {
    const { now, trip } = this;
    const delay = waits * 1_000;
    this.congestion.arrived({ bytes, delay, full: true, most: 1e6, now: millis(now), trip });
  }

  /** Grows until it looks for the first time; what it had before. */
  untilLook(): number {
    this.trips(6, 0).trips(1, 95);
    for (let tries = 0; tries < 10; tries++) {
      const { window } = this;
      if (this.trips(1, 95).window === LEAST) return window;
    }
    throw new Error("Expected a look");
  }
}

Deno.test("after a look it is soon where it was, also where others fill the queue", () => {
  const flow = new Flow();
  const before = flow.untilLook();
  assertGreater(before, 20 * PACKET);
  // two round trips of looking, then twice as much in each; a quarter of it is for all
  assertGreater(flow.trips(8, 95).window, 0.7 * before);
  assertLess(flow.window, 0.85 * before);
});

Deno.test("the first growth ends where packets wait", () => {
  const flow = new Flow().trips(6, 0);
  const { window } = flow;
  assertLess(flow.trips(1, 95).window, 0.6 * window);
});

Deno.test("what was lost or unanswered while it looked counts for what was there before", () => {
  const [lossy, silent, rested] = [new Flow(), new Flow(), new Flow()];
  const before = lossy.untilLook();
  for (const flow of [silent, rested]) assertEquals(flow.untilLook(), before);
  lossy.congestion.lost();
  silent.congestion.silent();
  rested.congestion.rested();
  assertEquals([silent.window, rested.window], [PACKET, 4 * PACKET]);
  for (const [flow, part] of [[lossy, 0.375], [silent, 0.375], [rested, 0.75]] as const) {
    assertGreater(flow.trips(9, 99).window, (part - 0.05) * before);
    assertLess(flow.window, (part + 0.15) * before);
  }
});

Deno.test("those of one socket look together, and one that still grows goes on with it", () => {
  const looks = new Looks();
  const [first, grows] = [new Flow(looks), new Flow(looks)];
  first.untilLook();
  grows.now = first.now;
  // its next answer is in the look of the other, and the one after that no longer
  assertEquals(grows.trips(1, 0).window, LEAST);
  assertGreater(grows.trips(8, 0).window, 100 * PACKET);
});

Deno.test("who joins waits for its own packets, and not for those of a slow peer", () => {
  const looks = new Looks();
  const [quick, slow] = [new Flow(looks, 20), new Flow(looks, 20_000)];
  const before = quick.untilLook();
  assertGreaterOrEqual(quick.trips(50, 0).window, before);
  slow.now = quick.now;
  slow.untilLook();
  quick.now = slow.now;
  quick.trips(1, 0);
  const from = quick.now;
  while (quick.trips(1, 0).window === LEAST) assertLess(quick.now - from, 5 * 20);
});

Deno.test("looks are twice a minute, and never more often than each ten seconds", () => {
  const looks = new Looks();
  const ask = (first: boolean, at: number) => {
    const before = looks.until;
    looks.want(first, 100, millis(at));
    return looks.until !== before;
  };
  assertEquals(ask(true, 1_000), true);
  assertEquals([ask(true, 10_999), ask(false, 30_999)], [false, false]);
  assertEquals([ask(false, 31_000), ask(true, 40_999), ask(true, 41_000)], [true, false, true]);
  assertEquals(looks.until, 41_100);
});
