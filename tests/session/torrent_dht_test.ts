import { assertEquals } from "@std/assert";
import { type InfoHash, type Millis, millis } from "../../src/base/mod.ts";
import type { Search, SearchListener, SearchOptions } from "../../src/dht/mod.ts";
import type { EngineEvent } from "../../src/session/mod.ts";
import type { SessionDht } from "../../src/session/dht/session_dht.ts";
import { type PeerNeed, TorrentDht } from "../../src/session/dht/torrent_dht.ts";

const MINUTE = 60;

/** One torrent's searches, each over at once with an outcome the test chooses. */
class Desk {
  ready = true;
  complete = false;
  need: PeerNeed = "none";
  /** Where the node is that tells of peers. */
  node = "9.9.9.9";
  outcome = { answered: 20, peers: 0 };
  readonly searches: { readonly at: number; readonly options: SearchOptions }[] = [];
  readonly events: EngineEvent[] = [];
  readonly taken: string[] = [];
  readonly torrent: TorrentDht;
  now: Millis = millis(0);

  constructor(port: number | null = 6881) {
    const search = (options: SearchOptions, listener: SearchListener): Search | null => {
      this.searches.push({ at: this.now / 1000, options });
      const { answered, peers } = this.outcome;
      const hosts = Array.from({ length: peers }, (_, i) => ({ host: `1.2.3.${i}`, port: 5 }));
      if (peers > 0) listener.peers(hosts, { host: this.node, port: 9 }, this.now);
      listener.done({
        asked: answered,
        answered,
        peers,
        hops: 1,
        announced: 8,
        seeds: null,
        leechers: null,
      }, this.now);
      return null;
    };
    const isReady = () => this.ready;
    const dht = {
      get ready() {
        return isReady();
      },
      nodes: 30,
      search,
    } as unknown as SessionDht;
    this.torrent = new TorrentDht({
      dht,
      torrent: "id",
      infoHash: new Uint8Array(20) as InfoHash,
      port,
      complete: () => this.complete,
      take: (peers, informant) =>
        this.taken.push(...peers.map(({ host }) => `${host} ${informant}`)),
      emit: (event) => this.events.push(event),
      now: () => this.now,
      wake: () => {},
    });
  }

  /** Seconds of every search within the next `minutes`. */
  run(minutes: number): number[] {
    const before = this.searches.length;
    for (let i = 0; i < minutes * 60; i++) {
      this.torrent.tick(this.now, this.need);
      this.now = millis(this.now + 1000);
    }
    return this.searches.slice(before).map(({ at }) => at);
  }
}

Deno.test("a torrent without anybody is looked for at once, then later and later", () => {
  const desk = new Desk();
  assertEquals(desk.run(20), [0, 5, 15, 35, 75, 155, 315, 615, 915]);
  assertEquals(desk.searches[0]!.options.announce, { port: 6881, seed: false });
});

Deno.test("with enough peers a minute is time enough, and then a quarter of an hour", () => {
  const desk = new Desk();
  desk.need = "enough";
  assertEquals(desk.run(40), [MINUTE, 16 * MINUTE, 31 * MINUTE]);
});

Deno.test("with a few peers more are looked for every five minutes", () => {
  const desk = new Desk();
  desk.need = "few";
  desk.outcome = { answered: 20, peers: 3 };
  assertEquals(desk.run(12), [0, 5 * MINUTE, 10 * MINUTE]);
  assertEquals(desk.taken.slice(0, 2), ["1.2.3.0 stranger", "1.2.3.1 stranger"]);
  desk.node = "10.0.0.1";
  desk.run(5);
  assertEquals(desk.taken.at(-1), "1.2.3.2 local-peer");
});

Deno.test("a seed announces itself at once, as one, and soon again while the network is thin", () => {
  const desk = new Desk();
  desk.need = "enough";
  desk.complete = true;
  desk.outcome = { answered: 3, peers: 0 };
  assertEquals(desk.run(1), [0, 1, 3, 7, 15, 31]);
  desk.outcome = { answered: 12, peers: 0 };
  assertEquals(desk.run(20), [63, 963]);
  assertEquals(desk.searches[0]!.options.announce, { port: 6881, seed: true });
});

Deno.test("nothing is asked while there is no node, nor after the end; who does not listen announces nothing", () => {
  const desk = new Desk(null);
  desk.ready = false;
  assertEquals([desk.run(1), desk.torrent.nextDeadline()], [[], Infinity]);
  desk.ready = true;
  assertEquals(desk.run(0.05), [60]);
  assertEquals(desk.searches[0]!.options.announce, null);
  desk.torrent.close();
  assertEquals(desk.run(10), []);
});

Deno.test("every search is told, with the time of the next", () => {
  const desk = new Desk();
  desk.outcome = { answered: 20, peers: 2 };
  desk.run(0.05);
  assertEquals(desk.events, [{
    type: "dht",
    torrent: "id",
    nodes: 30,
    answered: 20,
    peers: 2,
    announced: 8,
    next: 5,
  }]);
  assertEquals(desk.torrent.status(), { nodes: 30, asking: false, peers: 2, next: millis(5_000) });
});
