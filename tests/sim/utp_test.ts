/** uTP over bad lines, in virtual time. A failure names its seed. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { Clock } from "./clock.ts";
import { TcpFlow } from "./tcp_flow.ts";
import {
  assertHeard,
  Bottleneck,
  talk,
  Talker,
  talkInMany,
  UtpPair,
  type UtpPath,
} from "./utp_network.ts";

/** Runs one simulation for each of the seeds 1 … `seeds`. */
function utp(
  name: string,
  seeds: number,
  path: UtpPath,
  run: (pair: UtpPair, clock: Clock, seed: number) => void,
): void {
  Deno.test(`uTP: ${name}`, () => {
    for (let seed = 1; seed <= seeds; seed++) {
      const clock = new Clock();
      const pair = new UtpPair(clock, seed, path);
      try {
        run(pair, clock, seed);
      } catch (cause) {
        throw new Error(`Failed with seed ${seed} after ${clock.now} ms`, { cause });
      }
    }
  });
}

/** Both say so much, within `seconds`. */
function exchange(pair: UtpPair, seconds: number, there: number, back: number) {
  const both = talk(pair, there, back);
  const done = () => both[1].heard >= there && both[0].heard >= back;
  assert(pair.clock.run(seconds, done), `heard ${both[1].heard} and ${both[0].heard}`);
  return both;
}

const MB = 1_000_000;
/** Path, and seconds that a megabyte there and a tenth of it back may take. */
const LINES: readonly (readonly [string, UtpPath, number])[] = [
  ["no loss", { latency: 20 }, 2],
  ["1 % lost", { latency: 20, loss: 0.01 }, 8],
  ["5 % lost", { latency: 20, loss: 0.05 }, 20],
  ["10 % lost", { latency: 20, loss: 0.1 }, 60],
  ["overtaking packets", { latency: 20, jitter: 15 }, 15],
  ["doubled packets", { latency: 20, doubled: 0.2 }, 5],
  ["all of it", { latency: 50, jitter: 20, loss: 0.05, doubled: 0.1 }, 60],
];

for (const [name, path, seconds] of LINES) {
  utp(`everything arrives in order with ${name}`, 10, path, (pair, _clock, seed) => {
    const both = exchange(pair, seconds, MB, MB / 10);
    assertHeard(both, seed);
    // what was lost is sent again, and little else
    const needed = MB / 1_200 / (1 - (path.loss ?? 0)) ** 2;
    assertLess(pair.a.sent, 1.3 * needed + 100);
  });
}

utp("a clean line is filled after a few round trips", 1, { latency: 50 }, (pair) => {
  exchange(pair, 2.5, 4 * MB, 0);
});

utp("numbers and times go round", 3, { latency: 5, loss: 0.002 }, (pair, clock, seed) => {
  // the clock of a goes round in three seconds; so many packets do by themselves
  pair.a.ahead = 2 ** 32 / 1000 - clock.now - 3_000;
  const both = exchange(pair, 400, 100 * MB, 0);
  assertGreater(pair.a.sent, 66_000);
  assertHeard(both, seed);
});

utp("a clock that jumps costs no speed", 4, { latency: 20 }, (pair, clock, seed) => {
  pair.line = new Bottleneck(clock, MB, MB / 2);
  const both = talk(pair, 30 * MB, 0);
  clock.run(5);
  const before = both[1].heard;
  // of who hears forward and back; of who speaks forward, as after a sleep
  if (seed % 2 === 0) pair.b.ahead = seed === 2 ? 3_600_000 : -3_600_000;
  else pair.a.ahead = seed === 1 ? 60_000 : 86_400_000;
  clock.run(10);
  assertGreater(both[1].heard - before, 8 * MB);
  assertHeard([both[0], { ...both[1], heard: both[0].bytes } as Talker], seed);
});

utp(
  "packets grow to what the way takes",
  3,
  { latency: 10, largest: 1_400 },
  (pair, _clock, seed) => {
    assertHeard(exchange(pair, 30, 2 * MB, 0), seed);
    // 1,392 bytes of them, the header's 20 off
    assertLess(pair.a.sent, 2 * MB / 1_372 * 1.1);
  },
);

utp("a way that takes only small packets is found out", 3, { latency: 10 }, (pair, clock, seed) => {
  pair.there = { latency: 10, largest: 600 };
  const [first] = talk(pair, MB, 0);
  clock.run(60, () => first.end !== null);
  assertEquals(first.end, "silent");
  // the next connection with that address begins small
  assertHeard(exchange(pair, 20, MB / 4, 0), seed);
});

utp(
  "a way that becomes narrower ends a connection, not the next",
  3,
  { latency: 10 },
  (pair, clock, seed) => {
    const [first] = talk(pair, 200 * MB, 0);
    clock.run(3);
    pair.there = { latency: 10, largest: 1_300 };
    clock.run(60, () => first.end !== null);
    assertEquals(first.end, "silent");
    assertHeard(exchange(pair, 20, MB / 4, 0), seed);
  },
);

utp(
  "a line of 1 MB/s is full, and packets wait 0.1 s at most",
  3,
  { latency: 20 },
  (pair, clock) => {
    pair.line = new Bottleneck(clock, MB, 2 * MB);
    const both = talk(pair, 100 * MB, 0);
    clock.run(5);
    const before = both[1].heard;
    let longest = 0;
    clock.every(10, () => longest = Math.max(longest, pair.line?.wait ?? 0));
    clock.run(20);
    assertGreater(both[1].heard - before, 0.9 * 20 * MB);
    assertLess(longest, 130);
  },
);

utp("gives way to TCP, and comes back", 3, { latency: 20 }, (pair, clock) => {
  const line = pair.line = new Bottleneck(clock, MB, MB / 2);
  const [, called] = talk(pair, 200 * MB, 0);
  clock.run(10);
  const tcp = new TcpFlow(clock, line, 20);
  clock.run(10);
  const [passed, heard] = [tcp.passed, called.heard];
  clock.run(30);
  assertGreater(tcp.passed - passed, 0.85 * 30 * MB, "of TCP");
  assertLess(called.heard - heard, 0.1 * 30 * MB, "of uTP");
  tcp.stop();
  clock.run(5);
  const after = called.heard;
  clock.run(30);
  assertGreater(called.heard - after, 0.85 * 30 * MB, "of uTP alone");
});

utp("who begins later does not starve who was there", 3, { latency: 20 }, (pair, clock) => {
  const line = pair.line = new Bottleneck(clock, MB, 2 * MB);
  const [, first] = talk(pair, 200 * MB, 0);
  clock.run(20);
  const [, second] = talk(pair, 200 * MB, 0);
  // it takes the queue of the first for a part of the way, until it looks how long that is
  clock.run(60);
  const before = [first.heard, second.heard] as const;
  let longest = 0;
  clock.every(10, () => longest = Math.max(longest, line.wait));
  clock.run(40);
  const [one, other] = [first.heard - before[0], second.heard - before[1]];
  assertGreater(Math.min(one, other), 0.3 * 40 * MB);
  assertGreater(one + other, 0.9 * 40 * MB);
  assertLess(longest, 150);
});

utp("of many that begin one after the other none crawls", 2, { latency: 20, jitter: 1 }, (
  pair,
  clock,
) => {
  const [count, seconds] = [12, 40];
  const line = pair.line = new Bottleneck(clock, 2 * MB, 4 * MB);
  const [callers, called] = talkInMany(pair, count, 0.5);
  clock.run(20);
  const before = called.map(({ heard }) => heard);
  let [longest, seen, crawling] = [0, 0, 0];
  clock.every(10, () => {
    longest = Math.max(longest, line.wait);
    for (const { connection } of callers) {
      seen++;
      if (connection!.window < 3 * 1_200) crawling++;
    }
  });
  clock.run(seconds);
  const fair = 2 * MB * seconds / count;
  const parts = called.map(({ heard }, i) => (heard - before[i]!) / fair);
  assertEquals(parts.length, count);
  assertGreater(Math.min(...parts), 0.35);
  assertGreater(parts.reduce((a, b) => a + b) / count, 0.93);
  // but for a moment twice a minute, when they look how long the way is
  assertLess(crawling / seen, 0.03);
  assertLess(longest, 130);
});

utp("who reads nothing is not flooded, and hears all when it reads again", 5, {
  latency: 20,
  loss: 0.02,
}, (pair, clock, seed) => {
  const both = talk(pair, 3 * MB, 0);
  both[1].deaf = true;
  clock.run(60);
  assertLess(both[1].connection?.readable ?? 0, 1.1 * MB);
  assertEquals(both[0].end, null);
  both[1].deaf = false;
  both[1].readable();
  // should the word of it be lost, a byte asks for it
  assert(clock.run(60, () => both[1].heard === 3 * MB), `heard ${both[1].heard}`);
  assertHeard(both, seed);
});

utp(
  "both hear of the end, and nothing is kept",
  10,
  { latency: 20, loss: 0.1 },
  (pair, clock, seed) => {
    const both = exchange(pair, 60, MB / 10, MB / 10);
    assertHeard(both, seed);
    both[0].connection?.close(pair.a.now);
    clock.run(60, () => both[1].end !== null && pair.a.mux.size + pair.b.mux.size === 0);
    assertEquals([pair.a.mux.size, pair.b.mux.size], [0, 0]);
    // it asked again when all word of the end was lost
    assert(
      both[1].end === "finished" || both[1].end === "reset" || both[1].end === "silent",
      `${both[1].end}`,
    );
    assertEquals([pair.a.mux.nextDeadline(), pair.b.mux.nextDeadline()], [Infinity, Infinity]);
  },
);

utp(
  "what was written before the end arrives",
  10,
  { latency: 20, loss: 0.05 },
  (pair, clock, seed) => {
    const caller = new Talker(pair.a, 20_000, true);
    const called = new Talker(pair.b, 0);
    pair.b.answer = (connection) => {
      called.connection = connection;
      return called;
    };
    caller.connection = pair.a.mux.call(pair.b.at, caller, pair.a.now);
    clock.run(30, () => called.end !== null);
    assertEquals([called.heard, called.end], [20_000, "finished"], `seed ${seed}`);
  },
);

utp("a peer that vanished is noticed", 3, { latency: 20 }, (pair, clock) => {
  const both = talk(pair, 100 * MB, 0);
  clock.run(2);
  pair.there = pair.back = { latency: 20, loss: 1 };
  clock.run(60, () => both[0].end !== null);
  assertEquals(both[0].end, "silent");
  assertEquals(pair.a.mux.size, 0);
});

utp("nobody there is noticed", 1, { latency: 20, loss: 1 }, (pair, clock) => {
  const [caller] = talk(pair, 10, 0);
  clock.run(30, () => caller.end !== null);
  assertEquals([caller.end, caller.isConnected], ["silent", false]);
  assertEquals(pair.a.sent, 4);
});

utp("who is not wanted hears it at once", 1, { latency: 20 }, (pair, clock) => {
  const caller = new Talker(pair.a, 10);
  caller.connection = pair.a.mux.call(pair.b.at, caller, pair.a.now);
  clock.run(1, () => caller.end !== null);
  assertEquals(caller.end, "reset");
  assertEquals([pair.a.mux.size, pair.b.mux.size], [0, 0]);
});

utp(
  "an idle connection says a word in half a minute, and no more",
  1,
  { latency: 20 },
  (pair, clock) => {
    const both = exchange(pair, 5, 1_000, 1_000);
    clock.run(5);
    const [a, b] = [pair.a.sent, pair.b.sent];
    clock.run(290);
    assertEquals([pair.a.sent - a, pair.b.sent - b], [10, 10]);
    assertEquals([both[0].end, both[1].end], [null, null]);
  },
);

utp("two that call each other both get through", 5, { latency: 20, loss: 0.05 }, (pair, clock) => {
  // as when holes are punched (BEP 55)
  const [a, b] = [new Talker(pair.a, 1_000), new Talker(pair.b, 1_000)];
  const [atA, atB] = [new Talker(pair.a, 0), new Talker(pair.b, 0)];
  pair.a.answer = (connection) => (atA.connection = connection, atA);
  pair.b.answer = (connection) => (atB.connection = connection, atB);
  a.connection = pair.a.mux.call(pair.b.at, a, pair.a.now);
  b.connection = pair.b.mux.call(pair.a.at, b, pair.b.now);
  clock.run(30, () => atA.heard + atB.heard === 2_000);
  assertEquals([atA.heard, atB.heard], [1_000, 1_000]);
});

utp("behind walls that let in only answers, one call fails and two at once get through", 5, {
  latency: 30,
  loss: 0.02,
}, (pair, clock) => {
  pair.walls = true;
  const [alone] = talk(pair, 1_000, 0);
  clock.run(20, () => alone.end !== null);
  assertEquals([alone.end, alone.isConnected], ["silent", false]);
  // a wall forgets whom it let out after half a minute
  clock.run(40);
  const [caller, called] = talk(pair, 1_000, 0);
  const other = new Talker(pair.b, 0);
  clock.in(200, () => void (other.connection = pair.b.mux.call(pair.a.at, other, pair.b.now)));
  assert(clock.run(20, () => called.heard === 1_000), `heard ${called.heard}, ${caller.end}`);
});
