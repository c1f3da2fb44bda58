import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import {
  type Endpoint,
  formatEndpoint,
  type InfoHash,
  infoHash,
  millis,
  SeededRandom,
} from "../../src/base/mod.ts";
import { decodeLsd, encodeLsd, LsdState } from "../../src/net/mod.ts";

const hash = (byte: number): InfoHash => infoHash(new Uint8Array(20).fill(byte));
const NEAR = { host: "192.168.1.5", port: 6771 };

/** One program in the network, with a clock of its own. */
class Station {
  now = 0;
  readonly heard: string[] = [];
  readonly state: LsdState;

  constructor(port: number | null = 6881, seed = 1) {
    this.state = new LsdState(port, new SeededRandom(seed));
  }

  add(byte: number): void {
    this.state.add(
      hash(byte),
      (peer: Endpoint) => this.heard.push(`${byte} ${formatEndpoint(peer)}`),
    );
  }

  /** The packets that go out within `seconds`: which torrent, and when, in seconds. */
  run(seconds: number): [torrent: number, at: number][] {
    const out: [number, number][] = [];
    const end = this.now + seconds * 1000;
    for (;;) {
      const next = Math.max(this.now, this.state.nextDeadline());
      if (next >= end) break;
      this.now = next;
      for (const packet of this.state.due(millis(next))) {
        const { infoHashes } = decodeLsd(packet("ipv4"))!;
        assertEquals(infoHashes.length, 1);
        out.push([infoHashes[0]![0]!, Math.round(next / 1000)]);
      }
    }
    this.now = end;
    return out;
  }

  hears(byte: number, from: Endpoint = NEAR, port = 7000): void {
    const packet = encodeLsd("ipv4", { port, infoHashes: [hash(byte)], cookie: "other" });
    this.state.received(packet, from, millis(this.now));
  }
}

Deno.test("a torrent is called out at once and every five minutes", () => {
  const station = new Station();
  assertEquals(station.state.nextDeadline(), Infinity);
  station.add(1);
  assertEquals(station.run(1000), [[1, 0], [1, 300], [1, 600], [1, 900]]);
  station.state.remove(hash(1));
  assertEquals(station.state.nextDeadline(), Infinity);
  assertEquals(station.run(1000), []);
});

Deno.test("who calls for a torrent of ours is heard, with the port it names, and hears of us", () => {
  const station = new Station();
  station.add(1);
  station.run(100);
  station.hears(1);
  station.hears(2);
  assertEquals(station.heard, ["1 192.168.1.5:7000"]);
  const answers = station.run(10);
  assertEquals(answers.length, 1);
  assertLessOrEqual(answers[0]![1], 103);
});

Deno.test("however often somebody calls, a torrent is called out once a minute at most", () => {
  const station = new Station();
  station.add(1);
  const times: number[] = [];
  for (let second = 0; second < 600; second++) {
    station.hears(1, { host: `192.168.1.${second % 250}`, port: 1 });
    times.push(...station.run(1).map(([, at]) => at));
  }
  for (let i = 1; i < times.length; i++) assert(times[i]! - times[i - 1]! >= 60, `${times}`);
  assertLessOrEqual(times.length, 11);
});

Deno.test("our own packets are passed over, another program's on this machine are not", () => {
  const [one, other] = [new Station(6881, 1), new Station(6882, 2)];
  one.add(1);
  other.add(1);
  const [packet] = one.state.due(millis(0));
  for (const station of [one, other]) {
    station.state.received(packet!("ipv4"), NEAR, millis(0));
    station.state.received(packet!("ipv6"), { host: "fd00::5", port: 1 }, millis(0));
  }
  assertEquals(one.heard, []);
  assertEquals(other.heard, ["1 192.168.1.5:6881", "1 [fd00::5]:6881"]);
});

Deno.test("a link-local IPv6 caller cannot be reached, but hears of us", () => {
  const station = new Station();
  station.add(1);
  station.run(100);
  station.hears(1, { host: "fe80::1", port: 6771 });
  assertEquals(station.heard, []);
  assertEquals(station.run(10).length, 1);
});

Deno.test("without a port nothing is called out, and others are heard all the same", () => {
  const station = new Station(null);
  station.add(1);
  assertEquals(station.run(1000), []);
  station.hears(1);
  assertEquals(station.heard.length, 1);
});

Deno.test("a thousand torrents are called out ten a second, each of them", () => {
  const station = new Station();
  const seen = new Map<number, number>();
  for (let i = 0; i < 250; i++) station.add(i);
  const sent = station.run(290);
  for (const [torrent] of sent) seen.set(torrent, (seen.get(torrent) ?? 0) + 1);
  assertEquals(seen.size, 250);
  assertEquals(sent.length, 250);
  const perSecond = new Map<number, number>();
  for (const [, at] of sent) perSecond.set(at, (perSecond.get(at) ?? 0) + 1);
  assertLessOrEqual(Math.max(...perSecond.values()), 20);
  assertLessOrEqual(sent.at(-1)![1], 26);
});

Deno.test("a flood of packets is looked at no more than fifty times a second", () => {
  const station = new Station();
  station.add(1);
  for (let i = 0; i < 10_000; i++) station.hears(1, { host: `10.0.${i >> 8}.${i & 255}`, port: 1 });
  assertEquals(station.heard.length, 50);
  station.now += 1000;
  station.hears(1);
  assertEquals(station.heard.length, 51);
});

Deno.test("nonsense changes nothing", () => {
  const station = new Station();
  station.add(1);
  station.run(1);
  const before = station.state.nextDeadline();
  station.state.received(new Uint8Array(50), NEAR, millis(station.now));
  station.state.received(new Uint8Array(0), NEAR, millis(station.now));
  assertEquals([station.heard, station.state.nextDeadline()], [[], before]);
});
