import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { infoHash, type Millis, millis, peerId, SeededRandom } from "../../src/base/mod.ts";
import {
  type Announce,
  Announcer,
  type AnnounceReply,
  type AnnouncerOptions,
  type TransferStats,
} from "../../src/tracker/mod.ts";

const A = "http://a.example/announce";
const B = "http://b.example/announce";
const C = "http://c.example/announce";
const D = "https://d.example/announce";
const SECOND = 1_000;
const MINUTE = 60_000;

/** An announcer with its clock; times are milliseconds since the start. */
class Desk {
  readonly stats = { port: 6881, uploaded: 0, downloaded: 0, left: 100, peersWanted: 500 };
  readonly announcer: Announcer;
  now: Millis = millis(0);

  constructor(tiers: string[][], options: Partial<AnnouncerOptions> = {}) {
    this.announcer = new Announcer({
      infoHash: infoHash(new Uint8Array(20)),
      peerId: peerId(new Uint8Array(20)),
      tiers,
      isPrivate: false,
      random: new SeededRandom(1),
      stats: (): TransferStats => ({ ...this.stats }),
      ...options,
    }, this.now);
  }

  wait(ms: number): void {
    this.now = millis(this.now + ms);
  }

  /** All announces due now, as `url event`. */
  due(): string[] {
    return this.take().map(named);
  }

  take(): Announce[] {
    const out: Announce[] = [];
    for (let job; (job = this.announcer.next(this.now)) !== null;) out.push(job);
    return out;
  }

  /** The one announce due now. */
  one(): Announce {
    const all = this.take();
    assertEquals(all.length, 1, `due: ${all.map(named)}`);
    return all[0]!;
  }

  ok(job: Announce, reply: Partial<AnnounceReply> = {}): void {
    this.announcer.onReply(job, {
      interval: 1800,
      minInterval: null,
      seeders: 1,
      leechers: 2,
      downloads: 3,
      peers: [],
      warning: null,
      trackerId: null,
      ...reply,
    }, this.now);
  }

  fail(job: Announce): void {
    this.announcer.onError(job, new Error("No answer"), this.now);
  }

  /** Lets the clock run to the next deadline; milliseconds it took, null when there is none. */
  skip(): number | null {
    const at = this.announcer.nextDeadline();
    if (at === null) return null;
    const waited = Math.max(0, at - this.now);
    this.wait(waited);
    return waited;
  }
}

function named({ url, request }: Announce): string {
  return `${new URL(url).hostname[0]} ${request.event}`;
}

Deno.test("started is told at once, then regular announces follow the tracker's interval", () => {
  const desk = new Desk([[A]]);
  assertEquals(desk.announcer.nextDeadline(), 0);
  const job = desk.one();
  assertEquals(named(job), "a started");
  assertEquals(desk.announcer.nextDeadline(), null);
  desk.ok(job);
  assertEquals(desk.skip(), 30 * MINUTE);
  assertEquals(desk.due(), ["a null"]);
});

Deno.test("an announce carries the figures of its moment and at most 200 wanted peers", () => {
  const desk = new Desk([[A]]);
  Object.assign(desk.stats, { uploaded: 1, downloaded: 2, left: 3, port: 4 });
  const { request } = desk.one();
  const { uploaded, downloaded, left, port, numwant } = request;
  assertEquals([uploaded, downloaded, left, port, numwant], [1, 2, 3, 4, 200]);
});

Deno.test("who has enough peers asks for none", () => {
  const desk = new Desk([[A]]);
  desk.stats.peersWanted = 0;
  assertEquals(desk.one().request.numwant, 0);
});

Deno.test("every announce of a torrent has the same key, another torrent another", () => {
  const desk = new Desk([[A]]);
  const first = desk.one();
  desk.ok(first);
  desk.skip();
  assertEquals(desk.one().request.key, first.request.key);
  assertNotEquals(
    new Desk([[A]], { random: new SeededRandom(2) }).one().request.key,
    first.request.key,
  );
});

Deno.test("a tracker's id is sent back to it", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one(), { trackerId: new Uint8Array([1, 2]) });
  desk.skip();
  const second = desk.one();
  assertEquals(second.request.trackerId, new Uint8Array([1, 2]));
  desk.ok(second);
  desk.skip();
  assertEquals(desk.one().request.trackerId, new Uint8Array([1, 2]));
});

for (
  const [given, ms] of [[0, MINUTE], [59, MINUTE], [61, 61 * SECOND], [1e15, 60 * MINUTE]] as const
) {
  Deno.test(`an interval of ${given} s is taken as ${ms / SECOND} s`, () => {
    const desk = new Desk([[A]]);
    desk.ok(desk.one(), { interval: given });
    assertEquals(desk.skip(), ms);
  });
}

Deno.test("a min interval above the interval wins", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one(), { interval: 60, minInterval: 600 });
  assertEquals(desk.skip(), 10 * MINUTE);
});

Deno.test("in need of peers a tracker is asked early, but not before its min interval", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one(), { minInterval: 300 });
  desk.announcer.needPeers(true);
  assertEquals(desk.skip(), 5 * MINUTE);
  desk.ok(desk.one());
  // without a min interval: two minutes
  assertEquals(desk.skip(), 2 * MINUTE);
  desk.announcer.needPeers(false);
  assertEquals(desk.due(), []);
  assertEquals(desk.skip(), 28 * MINUTE);
});

Deno.test("a tier is shuffled once, every order comes up", () => {
  const firsts = new Set<string>();
  for (let seed = 0; seed < 50; seed++) {
    const desk = new Desk([[A, B, C]], { random: new SeededRandom(seed) });
    const order = desk.announcer.status().map((status) => status.url);
    const first = desk.one();
    assertEquals(first.url, order[0]);
    firsts.add(order.join());
  }
  assertEquals(firsts.size, 6);
});

Deno.test("tiers are asked in order: the next only when all of one failed (BEP 12)", () => {
  const desk = new Desk([[A, B], [C]]);
  const asked: string[] = [];
  for (let i = 0; i < 2; i++) {
    const job = desk.one();
    asked.push(job.url);
    desk.fail(job);
  }
  assertEquals(asked.toSorted(), [A, B]);
  const third = desk.one();
  assertEquals(third.url, C);
  desk.ok(third);
  assertEquals(desk.announcer.current, C);
});

Deno.test("while one tracker works no other is asked", () => {
  const desk = new Desk([[A, B], [C]]);
  const first = desk.one();
  desk.ok(first);
  for (let i = 0; i < 5; i++) {
    assertEquals(desk.skip(), 30 * MINUTE);
    const job = desk.one();
    assertEquals(job.url, first.url);
    desk.ok(job);
  }
});

Deno.test("a tracker that works moves to the front of its tier (BEP 12)", () => {
  const desk = new Desk([[A, B, C]]);
  const first = desk.one();
  desk.fail(first);
  const second = desk.one();
  desk.ok(second);
  assertEquals(desk.announcer.status()[0]!.url, second.url);
  desk.skip();
  assertEquals(desk.one().url, second.url);
});

Deno.test("a new round begins at the first tier, once its pause is over", () => {
  const desk = new Desk([[A], [B]]);
  desk.fail(desk.one());
  desk.ok(desk.one());
  assertEquals(desk.announcer.current, B);
  desk.skip();
  const again = desk.one();
  assertEquals(named(again), "a started");
  desk.ok(again);
  assertEquals(desk.announcer.current, A);
});

Deno.test("the pause after failures doubles up to half an hour and a success ends it", () => {
  const desk = new Desk([[A]]);
  desk.fail(desk.one());
  for (const pause of [15, 30, 60, 120, 240, 480, 960, 1800, 1800]) {
    const waited = desk.skip()!;
    assert(waited > pause * 750 && waited <= pause * 1000, `${pause} s: ${waited} ms`);
    desk.fail(desk.one());
  }
  desk.skip();
  desk.ok(desk.one());
  desk.skip();
  desk.fail(desk.one());
  assert(desk.skip()! <= 15 * SECOND);
});

Deno.test("pauses differ between torrents, so that a crowd does not come back at once", () => {
  const pauses = new Set<number>();
  for (let seed = 0; seed < 10; seed++) {
    const desk = new Desk([[A]], { random: new SeededRandom(seed) });
    desk.fail(desk.one());
    pauses.add(desk.skip()!);
  }
  assert(pauses.size > 5);
});

Deno.test("a silent tracker keeps a public torrent waiting three seconds, then the next is asked as well", () => {
  const desk = new Desk([[A], [B]]);
  const silent = desk.one();
  assertEquals(desk.skip(), 3 * SECOND);
  const second = desk.one();
  assertEquals(named(second), "b started");
  desk.ok(second);
  desk.wait(12 * SECOND);
  desk.fail(silent);
  assertEquals(desk.due(), []);
  assertEquals(desk.announcer.current, B);
});

Deno.test("a private torrent asks one tracker at a time (BEP 27)", () => {
  const desk = new Desk([[A], [B]], { isPrivate: true });
  const silent = desk.one();
  assertEquals(desk.skip(), null);
  desk.wait(MINUTE);
  assertEquals(desk.due(), []);
  desk.fail(silent);
  desk.ok(desk.one());
  assertEquals(desk.announcer.current, B);
});

Deno.test("in need of peers a public torrent asks further trackers, a private one only that in charge", () => {
  const open = new Desk([[A], [B]]);
  open.ok(open.one());
  open.announcer.needPeers(true);
  const extra = open.one();
  assertEquals(named(extra), "b started");
  open.ok(extra);
  // it answered, but is not in charge: the first tier still is
  assertEquals(open.announcer.current, A);
  const closed = new Desk([[A], [B]], { isPrivate: true });
  closed.ok(closed.one());
  closed.announcer.needPeers(true);
  assertEquals(closed.due(), []);
  assertEquals(closed.skip(), 2 * MINUTE);
  assertEquals(closed.due(), ["a null"]);
});

Deno.test("completed is told once, at once, and counts as an announce", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one());
  desk.wait(SECOND);
  desk.stats.left = 0;
  desk.announcer.complete();
  desk.announcer.complete();
  const job = desk.one();
  assertEquals([named(job), job.request.left], ["a completed", 0]);
  desk.ok(job);
  assertEquals(desk.skip(), 30 * MINUTE);
  assertEquals(desk.due(), ["a null"]);
  desk.announcer.complete();
  assertEquals(desk.due(), []);
});

Deno.test("completed is told again when its announce failed", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one());
  desk.announcer.complete();
  desk.fail(desk.one());
  assert(desk.skip()! > 10 * SECOND);
  const job = desk.one();
  assertEquals(named(job), "a completed");
  desk.ok(job);
  desk.skip();
  assertEquals(desk.due(), ["a null"]);
});

Deno.test("completed follows a started that was under way when the last piece came", () => {
  const desk = new Desk([[A]]);
  const started = desk.one();
  desk.announcer.complete();
  assertEquals(desk.due(), []);
  desk.ok(started);
  assertEquals(desk.due(), ["a completed"]);
});

Deno.test("a tracker that never knew us as a downloader hears no completed", () => {
  const late = new Desk([[A]]);
  late.fail(late.one());
  late.stats.left = 0;
  late.announcer.complete();
  late.skip();
  const job = late.one();
  assertEquals(named(job), "a started");
  late.ok(job);
  assertEquals(late.due(), []);
});

Deno.test("a started that failed after the last piece came is told again as a seed's, without completed", () => {
  const desk = new Desk([[A]]);
  const started = desk.one();
  desk.stats.left = 0;
  desk.announcer.complete();
  desk.fail(started);
  desk.skip();
  const again = desk.one();
  assertEquals(named(again), "a started");
  desk.ok(again);
  assertEquals(desk.due(), []);
});

Deno.test("when the tracker in charge fails between rounds the next is asked at once", () => {
  const desk = new Desk([[A], [B]]);
  desk.ok(desk.one());
  desk.announcer.complete();
  desk.fail(desk.one());
  assertEquals(desk.announcer.current, null);
  const next = desk.one();
  assertEquals(named(next), "b started");
  desk.ok(next);
  assertEquals(desk.announcer.current, B);
});

Deno.test("a seed from the start tells started and nothing of completing", () => {
  const desk = new Desk([[A]]);
  desk.stats.left = 0;
  desk.ok(desk.one());
  assertEquals(desk.due(), []);
});

Deno.test("stopped goes to every tracker that was told started, once, with no peers wanted", () => {
  const desk = new Desk([[A], [B], [C]]);
  desk.ok(desk.one());
  desk.announcer.needPeers(true);
  desk.ok(desk.one());
  desk.fail(desk.one());
  desk.announcer.stop();
  assertEquals(desk.announcer.stopped, false);
  assertEquals(desk.announcer.nextDeadline(), 0);
  const jobs = desk.take();
  assertEquals(jobs.map(named), ["a stopped", "b stopped"]);
  assertEquals(jobs.map(({ request }) => request.numwant), [0, 0]);
  desk.ok(jobs[0]!);
  assertEquals(desk.announcer.stopped, false);
  desk.fail(jobs[1]!);
  assertEquals(desk.announcer.stopped, true);
  desk.announcer.stop();
  assertEquals([desk.due(), desk.announcer.nextDeadline()], [[], null]);
});

Deno.test("a tracker that never answered is not told stopped, and nobody waits for it", () => {
  const desk = new Desk([[A]]);
  const started = desk.one();
  desk.announcer.stop();
  assertEquals([desk.announcer.stopped, desk.due()], [true, []]);
  // an answer that comes now does not matter any more
  desk.ok(started);
  assertEquals([desk.announcer.stopped, desk.due()], [true, []]);
});

Deno.test("stopped goes to a tracker that answered before and is being asked again", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one(), { interval: 60 });
  desk.wait(MINUTE);
  const again = desk.one();
  desk.announcer.stop();
  const stopped = desk.one();
  assertEquals(named(stopped), "a stopped");
  desk.fail(again);
  assertEquals(desk.announcer.stopped, false);
  desk.ok(stopped);
  assertEquals(desk.announcer.stopped, true);
});

Deno.test("a torrent that told nobody is stopped at once", () => {
  const desk = new Desk([[A]]);
  desk.announcer.stop();
  assertEquals([desk.announcer.stopped, desk.due()], [true, []]);
});

Deno.test("started is told anew after a stop", () => {
  const desk = new Desk([[A]]);
  desk.ok(desk.one());
  desk.announcer.stop();
  desk.ok(desk.one());
  desk.announcer.start(desk.now);
  assertEquals(desk.announcer.stopped, false);
  assertEquals(desk.due(), ["a started"]);
});

Deno.test("a UDP tracker is asked like any other", () => {
  const desk = new Desk([["udp://u.example:80/announce"], [A]]);
  const job = desk.one();
  assertEquals(named(job), "u started");
  desk.fail(job);
  assertEquals(desk.due(), ["a started"]);
});

Deno.test("unknown trackers are skipped with a word and block nobody", () => {
  const desk = new Desk([["udp://u.example"], ["wss://w.example"], ["no url"], [A]]);
  assertEquals(
    desk.announcer.status().map(({ state }) =>
      state.phase === "unsupported" ? state.message : null
    ),
    [
      "Expected a port",
      "Trackers with wss: URLs are not supported",
      "Not a tracker URL",
      null,
    ],
  );
  assertEquals(desk.due(), ["a started"]);
  const none = new Desk([["wss://w.example"]]);
  assertEquals([none.due(), none.announcer.nextDeadline()], [[], null]);
  none.announcer.stop();
  assertEquals(none.announcer.stopped, true);
});

Deno.test("spaces around a URL are dropped, one with control characters is not asked and shown without them", () => {
  const desk = new Desk([[` ${A}\r\n`, A], ["http://b.example\x0f"], [
    "http://c.example/\u202egnp",
  ]]);
  const urls = desk.announcer.status().map(({ url, state }) => [url, state.phase]);
  assertEquals(urls, [
    [A, "idle"],
    ["http://b.example", "unsupported"],
    ["http://c.example/ gnp", "unsupported"],
  ]);
});

Deno.test("a torrent without trackers has nothing to do", () => {
  const desk = new Desk([]);
  assertEquals([desk.due(), desk.announcer.nextDeadline(), desk.announcer.status()], [
    [],
    null,
    [],
  ]);
});

Deno.test("a tracker named twice counts once, and at most a hundred are used", () => {
  assertEquals(new Desk([[A, A], [A, B]]).announcer.status().map(({ url, tier }) => [url, tier]), [[
    A,
    0,
  ], [B, 1]]);
  const many = Array.from({ length: 500 }, (_, i) => `http://t${i}/announce`);
  assertEquals(new Desk([many]).announcer.status().length, 100);
});

Deno.test("the status tells each tracker's last answer, error and next announce", () => {
  const desk = new Desk([[A], [D]]);
  desk.fail(desk.one());
  desk.wait(SECOND);
  desk.ok(desk.one(), { warning: "moving", peers: [{ host: "1.2.3.4", port: 5 }] });
  const [a, d] = desk.announcer.status();
  assert(a!.state.phase === "failed");
  assertEquals(a!.state.fault, "unreachable");
  assertEquals([a!.state.message, a!.state.failures, a!.lastOk], ["No answer", 1, null]);
  assert(d!.state.phase === "ok");
  assertEquals([d!.lastOk, d!.next, d!.peers], [1000, 1000 + 30 * MINUTE, 1]);
  assertEquals([d!.seeders, d!.leechers, d!.downloads, d!.warning], [1, 2, 3, "moving"]);
  assertEquals([a!.asking, d!.asking], [false, false]);
});

Deno.test("whatever happens: no tracker is asked twice at once or before its time, events keep their order", () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = new SeededRandom(seed);
    const isPrivate = random.below(2) === 0;
    const desk = new Desk([[A, B], [C], [D]], { random, isPrivate });
    const open: Announce[] = [];
    const heard = new Map<string, string>();
    const answeredAt = new Map<string, number>();
    for (let step = 0; step < 200; step++) {
      const deadline = desk.announcer.nextDeadline();
      const jobs = desk.take();
      // the deadline never promises what next does not give, nor hides it
      assertEquals(jobs.length > 0, deadline !== null && deadline <= desk.now, `seed ${seed}`);
      for (const job of jobs) {
        assert(!open.some(({ url }) => url === job.url), `seed ${seed}: asked twice`);
        open.push(job);
        if (isPrivate) assertEquals(open.length, 1, `seed ${seed}`);
        const since = desk.now - (answeredAt.get(job.url) ?? -Infinity);
        if (job.request.event === null) assert(since >= MINUTE, `seed ${seed}: ${since} ms`);
        const before = heard.get(job.url) ?? "nothing";
        if (job.request.event === "started") assert(before !== "completed", `seed ${seed}`);
        else assert(before !== "nothing", `seed ${seed}: ${named(job)} after ${before}`);
        if (job.request.event === "completed") assert(before !== "completed", `seed ${seed}`);
      }
      const job = open.splice(random.below(open.length || 1), 1)[0];
      if (job !== undefined && random.below(3) > 0) {
        if (random.below(2) === 0) {
          answeredAt.set(job.url, desk.now);
          heard.set(job.url, job.request.event ?? heard.get(job.url)!);
          desk.ok(job, { interval: random.below(4000) });
        } else desk.fail(job);
      } else if (job !== undefined) open.push(job);
      if (random.below(20) === 0) desk.announcer.needPeers(random.below(2) === 0);
      if (random.below(60) === 0) desk.announcer.complete();
      desk.wait(random.below(5 * MINUTE));
    }
    desk.announcer.stop();
    const told = [...heard.keys()];
    const stops = desk.take();
    for (const url of told) assertEquals(stops.filter((stop) => stop.url === url).length, 1);
    for (const stop of stops) desk.fail(stop);
    assert(desk.announcer.stopped, `seed ${seed}`);
  }
});

Deno.test("trackers that become known later come after the others, each once", () => {
  const none = new Desk([]);
  assertEquals(none.due(), []);
  none.wait(MINUTE);
  none.announcer.add([[A, B], [A]], none.now);
  assertEquals(none.announcer.status().length, 2);
  assertEquals(none.take().length, 1);

  const desk = new Desk([[A]]);
  desk.ok(desk.one());
  desk.announcer.add([[A], [B], [B, C]], desk.now);
  assertEquals(desk.announcer.status().map(({ url }) => url), [A, B, C]);
  // one is in charge and has said when to come again
  assertEquals(desk.due(), []);
  desk.announcer.needPeers(true);
  assertEquals(desk.one().url, B);

  const failing = new Desk([[A]]);
  failing.fail(failing.one());
  failing.announcer.add([[A], [B]], failing.now);
  assertEquals(failing.due(), ["b started"]);
});

Deno.test("however many become known, a hundred are used", () => {
  const desk = new Desk([[A]]);
  const more = Array.from({ length: 200 }, (_, i) => `http://${i}.example/announce`);
  desk.announcer.add(more.map((url) => [url]), desk.now);
  assertEquals(desk.announcer.status().length, 100);
});
