import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  type Bytes,
  concat,
  type Endpoint,
  infoHash,
  millis,
  peerId,
  SeededRandom,
  writeUint32,
} from "../../src/base/mod.ts";
import {
  type AnnounceRequest,
  decodeConnectAnswer,
  decodeUdpAnnounceAnswer,
  decodeUdpScrapeAnswer,
  encodeConnect,
  encodeUdpAnnounce,
  encodeUdpScrape,
  readUdpHead,
  SwarmRegistry,
  UdpService,
} from "../../src/tracker/mod.ts";

const HOST = { host: "203.0.113.1", port: 40_000 };
const HOST6 = { host: "2001:db8::1", port: 40_000 };
const MINUTE = 60_000;
const hash = infoHash(new Uint8Array(20).fill(1));

/** A service, its registry and a clock. */
class Desk {
  readonly registry: SwarmRegistry;
  readonly service: UdpService;
  now = 0;

  constructor(maxTorrents = 10) {
    const limits = { maxTorrents, maxPeers: 1_000, peerLife: 10 * MINUTE };
    this.registry = new SwarmRegistry(limits, new SeededRandom(1));
    const random = new SeededRandom(2);
    this.service = new UdpService({ registry: this.registry, interval: 300, random });
  }

  ask(packet: Bytes, from: Endpoint = HOST): Bytes | null {
    return this.service.answer(packet, from, millis(this.now));
  }

  connect(from: Endpoint = HOST): Bytes {
    return decodeConnectAnswer(this.ask(encodeConnect(1), from)!);
  }

  announce(from: Endpoint, changes: Partial<AnnounceRequest> = {}) {
    const packet = encodeUdpAnnounce(this.connect(from), 2, { ...request(1), ...changes }, "");
    return decodeUdpAnnounceAnswer(this.ask(packet, from)!, from.host.includes(":") ? 16 : 4);
  }
}

function request(n: number): AnnounceRequest {
  return {
    infoHash: hash,
    peerId: peerId(new Uint8Array(20).fill(n)),
    port: 6881,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    event: "started",
    numwant: 50,
    key: 1,
    trackerId: null,
  };
}

/** The message of an error answer. */
function refusal(answer: Bytes | null): string {
  assert(answer !== null && readUdpHead(answer)?.action === 3, "Expected an error answer");
  return new TextDecoder().decode(answer.subarray(8));
}

Deno.test("announce and scrape: peers of the asker's family, counts of all", () => {
  const desk = new Desk();
  const id = (n: number) => peerId(new Uint8Array(20).fill(n));
  assertEquals(desk.announce(HOST).peers, []);
  assertEquals(desk.announce(HOST6, { peerId: id(2), port: 7 }).peers, []);
  const other = { host: "203.0.113.2", port: 9 };
  const { interval, seeders, leechers, peers } = desk.announce(other, { peerId: id(3), left: 0 });
  assertEquals([interval, seeders, leechers], [300, 1, 2]);
  // the address seen, the port announced
  assertEquals(peers, [{ host: HOST.host, port: 6881 }]);
  const sixth = desk.announce({ host: "2001:db8::6", port: 1 }, { peerId: id(4) });
  assertEquals(sixth.peers, [{ host: HOST6.host, port: 7 }]);
  const unknown = infoHash(new Uint8Array(20).fill(2));
  const scrape = desk.ask(encodeUdpScrape(desk.connect(), 3, [unknown, hash]))!;
  assertEquals(decodeUdpScrapeAnswer(scrape, 2), [
    { seeders: 0, downloads: 0, leechers: 0 },
    { seeders: 1, downloads: 0, leechers: 3 },
  ]);
});

Deno.test("an IPv6 answer with everybody in it fits a packet that arrives in one piece", () => {
  const desk = new Desk();
  for (let n = 0; n < 100; n++) {
    desk.announce({ host: `2001:db8::${n + 2}`, port: 1 }, request(n + 2));
  }
  const packet = encodeUdpAnnounce(
    desk.connect(HOST6),
    2,
    { ...request(1), numwant: 1_000 },
    "",
  );
  assertEquals(desk.ask(packet, HOST6)!.length, 20 + 76 * 18);
});

Deno.test("a connection id is good for its address, for two minutes at least and three at most", () => {
  const desk = new Desk();
  desk.now = 30_000;
  const id = desk.connect();
  const scrape = (from: Endpoint) => {
    const answer = desk.ask(encodeUdpScrape(id, 3, [hash]), from)!;
    return readUdpHead(answer)!.action;
  };
  assertEquals([scrape(HOST), scrape({ ...HOST, port: 1 })], [2, 2]);
  assertEquals(scrape({ ...HOST, host: "203.0.113.9" }), 3);
  desk.now += 2 * MINUTE;
  assertEquals(scrape(HOST), 2);
  desk.now += MINUTE;
  assertEquals(scrape(HOST), 3);
  const forged = Uint8Array.from(id, (byte) => byte ^ 1);
  assertEquals(readUdpHead(desk.ask(encodeUdpScrape(forged, 3, [hash]))!)!.action, 3);
  assertNotEquals(desk.connect(), desk.connect(HOST6));
});

Deno.test("who has no connection id never gets more bytes than it sent, and changes nothing", () => {
  const desk = new Desk();
  const random = new SeededRandom(7);
  const bad = new Uint8Array(8).fill(9);
  const samples = [
    encodeConnect(1),
    encodeUdpAnnounce(bad, 2, request(1), "/announce"),
    encodeUdpScrape(bad, 3, Array(74).fill(hash)),
  ];
  let answered = 0;
  for (const sample of samples) {
    for (let length = 0; length <= sample.length; length++) {
      desk.now += 1_000;
      const answer = desk.ask(sample.slice(0, length));
      if (answer === null) continue;
      answered++;
      assert(answer.length <= length, `${answer.length} bytes for ${length}`);
    }
  }
  for (let i = 0; i < 2_000; i++) {
    desk.now += 1_000;
    const packet = concat(
      bad,
      new Uint8Array([0, 0, 0, random.below(5)]),
      new Uint8Array(random.below(200)),
    );
    assert((desk.ask(packet)?.length ?? 0) <= packet.length);
  }
  assert(answered > 0);
  assertEquals([desk.registry.torrents, desk.registry.peers], [0, 0]);
});

Deno.test("refusals say why, and come a hundred times a second at most", () => {
  const desk = new Desk(1);
  const id = desk.connect();
  const announce = (changes: Partial<AnnounceRequest>) =>
    encodeUdpAnnounce(id, 2, { ...request(1), ...changes }, "");
  const spoilt = (at: number, value: number) => {
    const packet = announce({});
    writeUint32(packet, at, value);
    return packet;
  };
  assertEquals(refusal(desk.ask(announce({ port: 0 }))), "Expected a port, got 0");
  assertEquals(refusal(desk.ask(announce({}).slice(0, 97))), "Expected 98 bytes, got 97");
  assertEquals(refusal(desk.ask(spoilt(80, 4))), "Expected an event from 0 to 3");
  assertEquals(
    refusal(desk.ask(encodeUdpScrape(id, 3, []))),
    "Expected an info hash, got none",
  );
  desk.ask(announce({}));
  const other = infoHash(new Uint8Array(20).fill(2));
  assertEquals(refusal(desk.ask(announce({ infoHash: other }))), "This tracker is full");
  desk.now += 1_000;
  let refused = 0;
  for (let i = 0; i < 500; i++) if (desk.ask(announce({ port: 0 })) !== null) refused++;
  assertEquals(refused, 100);
  // those in good order are answered all the same
  assertEquals(readUdpHead(desk.ask(announce({}))!)!.action, 1);
});

Deno.test("-1 means as many peers as the tracker likes; stopped forgets at once", () => {
  const desk = new Desk();
  for (let n = 0; n < 60; n++) {
    desk.announce({ host: `203.0.113.${n + 2}`, port: 1 }, request(n + 2));
  }
  assertEquals(desk.announce(HOST, { numwant: -1 }).peers.length, 50);
  assertEquals(desk.announce(HOST, { numwant: 0 }).peers.length, 0);
  assertEquals(desk.registry.peers, 61);
  desk.announce(HOST, { event: "stopped" });
  assertEquals(desk.registry.peers, 60);
});

Deno.test("packets that are no question get no answer", () => {
  const desk = new Desk();
  const wrongMagic = encodeConnect(1);
  wrongMagic[0] = 1;
  const action = encodeConnect(1);
  action[11] = 3;
  for (const packet of [new Uint8Array(), encodeConnect(1).slice(0, 15), wrongMagic, action]) {
    assertEquals(desk.ask(packet), null);
  }
});
