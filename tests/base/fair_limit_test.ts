import { assert, assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { FairLimit, type LimitShare, millis } from "../../src/base/mod.ts";

const GRAIN = { least: 1_000, most: 16_000 };

/** Shares that take all they get, each in a certain number of goes a round; what they had after `seconds`. */
function run(limit: FairLimit, shares: readonly LimitShare[], seconds: number): number[] {
  const taken = shares.map(() => 0);
  for (const share of shares) share.waiting = true;
  for (let now = 0; now < seconds * 1_000;) {
    now = limit.nextRound(millis(now));
    for (const share of limit.round(millis(now))) {
      const bytes = Math.max(0, share.available(millis(now)));
      share.take(bytes);
      taken[shares.indexOf(share)]! += bytes;
    }
  }
  return taken;
}

function assertNear(actual: readonly number[], expected: readonly number[]): void {
  actual.forEach((bytes, i) => assertAlmostEquals(bytes / expected[i]!, 1, 0.05, `${actual}`));
}

Deno.test("without a limit nothing is counted and nothing waits", () => {
  const limit = new FairLimit(0, GRAIN, millis(0));
  const share = limit.share(0, millis(0));
  share.take(10 ** 12);
  assert(!share.limited);
  assertEquals([share.available(millis(0)), share.rate(millis(0))], [Infinity, Infinity]);
  assertEquals(limit.nextRound(millis(0)), Infinity);
});

Deno.test("shares get equal parts, and together no more than the limit", () => {
  for (const rate of [10e3, 100e3, 50e6]) {
    const limit = new FairLimit(rate, GRAIN, millis(0));
    const shares = [0, 0, 0, 0].map(() => limit.share(0, millis(0)));
    const taken = run(limit, shares, 20);
    assertNear(taken, taken.map(() => rate * 5));
  }
});

Deno.test("a share's own limit holds, and what it leaves is the others'", () => {
  const limit = new FairLimit(100e3, GRAIN, millis(0));
  const shares = [10e3, 0, 0].map((own) => limit.share(own, millis(0)));
  assertNear(run(limit, shares, 20), [200e3, 900e3, 900e3]);
});

Deno.test("limits of their own hold without a common one", () => {
  const limit = new FairLimit(0, GRAIN, millis(0));
  const shares = [50e3, 5e6].map((own) => limit.share(own, millis(0)));
  assertNear(run(limit, shares, 20), [1e6, 100e6]);
});

Deno.test("many more shares than can be served in a round all have their turns", () => {
  const limit = new FairLimit(20e3, GRAIN, millis(0));
  const shares = Array.from({ length: 100 }, () => limit.share(0, millis(0)));
  const taken = run(limit, shares, 100);
  for (const bytes of taken) assertAlmostEquals(bytes, 20e3, 2e3);
});

Deno.test("shares get parts by their weights, at low limits and high ones", () => {
  for (const rate of [10e3, 100e3, 50e6]) {
    const limit = new FairLimit(rate, GRAIN, millis(0));
    const shares = [1 / 3, 1, 1, 3].map((weight) => {
      const share = limit.share(0, millis(0));
      share.weight = weight;
      return share;
    });
    const unit = (rate * 60) / (16 / 3);
    assertNear(run(limit, shares, 60), [unit / 3, unit, unit, 3 * unit]);
    assertAlmostEquals(shares[3]!.rate(millis(60_000)), (rate * 9) / 16, rate / 1000);
  }
});

Deno.test("who comes late gets its part from then on, and nothing for the time before", () => {
  const limit = new FairLimit(100e3, GRAIN, millis(0));
  const [early, late] = [limit.share(0, millis(0)), limit.share(0, millis(0))];
  run(limit, [early!], 60);
  let [ours, theirs] = [0, 0];
  late!.waiting = true;
  for (let now = 60_000; now < 70_000;) {
    now = limit.nextRound(millis(now));
    for (const share of limit.round(millis(now))) {
      const bytes = Math.max(0, share.available(millis(now)));
      share.take(bytes);
      if (share === early) ours += bytes;
      else theirs += bytes;
    }
  }
  assertAlmostEquals(theirs / ours, 1, 0.05);
});

Deno.test("the common limit does not hold for who is exempt, nor costs it the others anything", () => {
  const limit = new FairLimit(100e3, GRAIN, millis(0));
  const shares = [1e6, 0, 0].map((own) => limit.share(own, millis(0)));
  shares[0]!.exempt = true;
  assertNear(run(limit, shares, 20), [20e6, 1e6, 1e6]);
  assertEquals([shares[0]!.limit, shares[1]!.limit], [1e6, 100e3]);
  assertEquals(shares[0]!.rate(millis(20_000)), 1e6);
  const free = limit.share(0, millis(0));
  free.exempt = true;
  assertEquals([free.limited, free.available(millis(0))], [false, Infinity]);
});

Deno.test("who takes too much pays it out of its own part", () => {
  const limit = new FairLimit(100e3, GRAIN, millis(0));
  const shares = [limit.share(0, millis(0)), limit.share(0, millis(0))] as const;
  shares[0].take(200e3);
  const [debtor, other] = run(limit, shares, 20) as [number, number];
  assertAlmostEquals(other - debtor, 200e3, 50e3);
  assertAlmostEquals(other + debtor, 1.8e6, 50e3);
});

Deno.test("what a share does not use goes back, as does what it had when it leaves", () => {
  const limit = new FairLimit(100e3, GRAIN, millis(0));
  const [idle, gone, other] = [0, 0, 0].map(() => limit.share(0, millis(0))) as [
    LimitShare,
    LimitShare,
    LimitShare,
  ];
  idle.waiting = gone.waiting = other.waiting = true;
  const [first] = limit.round(millis(0));
  assert(first!.available(millis(0)) > 0);
  idle.waiting = gone.waiting = false;
  limit.leave(gone);
  const [all] = run(limit, [other], 10);
  assertAlmostEquals(all!, 1e6, 50e3);
  assertEquals(idle.available(millis(10_000)), 0);
});

Deno.test("rounds are no more often than 25 a second, and none is due while nobody waits", () => {
  const limit = new FairLimit(50e6, GRAIN, millis(0));
  const share = limit.share(0, millis(0));
  share.waiting = true;
  let rounds = 0;
  for (let now = 0; now < 10_000; rounds++) {
    now = limit.nextRound(millis(now));
    for (const served of limit.round(millis(now))) served.take(served.available(millis(now)));
  }
  assertLessOrEqual(rounds, 251);
  share.waiting = false;
  assertEquals(limit.nextRound(millis(10_000)), Infinity);
});

Deno.test("the rate to hope for is the own limit, or a part of the common one", () => {
  const limit = new FairLimit(100e3, GRAIN, millis(0));
  const shares = [20e3, 0].map((own) => limit.share(own, millis(0))) as [LimitShare, LimitShare];
  assertEquals(shares.map((share) => share.rate(millis(0))), [20e3, 100e3]);
  run(limit, shares, 5);
  assertEquals(shares.map((share) => share.rate(millis(5_100))), [20e3, 50e3]);
});

Deno.test("a limit that is lifted or set counts at once", () => {
  const limit = new FairLimit(1_000, GRAIN, millis(0));
  const share = limit.share(0, millis(0));
  share.take(1e6);
  share.waiting = true;
  assert(limit.nextRound(millis(0)) > 900_000 || share.available(millis(0)) < 0);
  limit.setRate(0, millis(0));
  assertEquals(limit.nextRound(millis(0)), 0);
  assertEquals(limit.round(millis(0)), [share]);
  assertEquals(share.available(millis(0)), Infinity);
  limit.setRate(1_000, millis(0));
  assert(share.available(millis(0)) <= 0);
});
