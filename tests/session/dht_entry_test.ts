import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  type Endpoint,
  formatEndpoint,
  type InfoHash,
  type Millis,
  millis,
  SeededRandom,
} from "../../src/base/mod.ts";
import { decodeMessage, encodeMessage, NOTHING, randomId } from "../../src/dht/mod.ts";
import { AddressPolicy, type UdpReceiver } from "../../src/net/mod.ts";
import { SessionDht } from "../../src/session/dht/session_dht.ts";

const HASH = new Uint8Array(20).fill(9) as InfoHash;
const NAMES: Readonly<Record<string, readonly string[]>> = {
  "router.example": ["5.5.5.5"],
  "inside.example": ["10.0.0.9"],
  "home.example": ["192.168.7.7"],
};

/** A session's DHT with a socket of paper and a clock of its own. */
class Desk {
  readonly sent: { readonly packet: Bytes; readonly to: Endpoint }[] = [];
  readonly asked: string[] = [];
  readonly saved: (readonly string[])[] = [];
  readonly random = new SeededRandom(3);
  readonly dht: SessionDht;
  receive: UdpReceiver | null = null;
  now: Millis = millis(0);

  constructor(
    nodes: readonly string[] = [],
    remembered: readonly string[] = [],
    readOnly = false,
  ) {
    this.dht = new SessionDht({ nodes, entryPoints: ["router.example:6881"] }, {
      udp: {
        port: 6881,
        ipv6: true,
        on: (_protocol, receive) => this.receive = receive,
        send: (packet, to) => this.sent.push({ packet, to }),
      },
      nodePort: () => 6881,
      memory: { loadNodes: () => remembered, saveNodes: (nodes) => this.saved.push(nodes) },
      policy: new AddressPolicy({ resolve: () => Promise.resolve([]) }),
      random: this.random,
      now: () => this.now,
      readOnly,
      resolve: (name) => {
        this.asked.push(name);
        return Promise.resolve(NAMES[name] ?? []);
      },
      plan: () => {},
    });
  }

  /** Lets time pass, and what was promised come. */
  async wait(seconds: number): Promise<void> {
    for (let i = 0; i < seconds * 4; i++) {
      this.now = millis(this.now + 250);
      this.dht.tick(this.now);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  }

  /** Whom packets went to, each once. */
  get contacted(): string[] {
    return [...new Set(this.sent.map(({ to }) => formatEndpoint(to)))].sort();
  }

  /** A node answers all that was sent to it, naming `nodes`. */
  answer(from: Endpoint, nodes: readonly Endpoint[] = []): void {
    for (const { packet, to } of this.sent.splice(0)) {
      if (formatEndpoint(to) !== formatEndpoint(from)) continue;
      const { transaction } = decodeMessage(packet);
      const answer = {
        ...NOTHING,
        nodes: nodes.map((endpoint) => ({ id: randomId(this.random), endpoint })),
      };
      const id = new Uint8Array(20).fill(from.port & 0xff) as ReturnType<typeof randomId>;
      const bytes = encodeMessage({ type: "answer", transaction, id, answer, seenAs: null });
      this.receive!(bytes, from);
    }
  }
}

function at(host: string, port = 6881): Endpoint {
  return { host, port };
}

Deno.test("nothing is sent or received before a torrent wants the DHT", async () => {
  const desk = new Desk(["1.1.1.1:1"], ["2.2.2.2:2"]);
  await desk.wait(20);
  assertEquals([desk.contacted, desk.asked, desk.receive], [[], [], null]);
  assertEquals(desk.dht.nextDeadline(), Infinity);
  desk.dht.begin([]);
  assert(desk.receive !== null);
});

Deno.test("nodes remembered, typed and named by the torrent are asked at once, names everybody knows are not", async () => {
  const desk = new Desk(["1.1.1.1:1", "home.example:7"], ["2.2.2.2:2", "nonsense"]);
  desk.dht.begin([{ host: "3.3.3.3", port: 3 }, { host: "10.0.0.1", port: 4 }, {
    host: "inside.example",
    port: 5,
  }]);
  desk.dht.addPeer(at("4.4.4.4", 4));
  await desk.wait(2);
  // a torrent cannot send us into our own network, by a name neither
  const expected = ["1.1.1.1:1", "192.168.7.7:7", "2.2.2.2:2", "3.3.3.3:3", "4.4.4.4:4"];
  assertEquals(desk.contacted, expected);
  desk.answer(at("2.2.2.2", 2));
  await desk.wait(10);
  assertEquals(desk.asked, ["home.example", "inside.example"]);
});

Deno.test("when nobody answers within three seconds the names everybody knows are asked, later and later", async () => {
  const desk = new Desk([], ["2.2.2.2:2"]);
  desk.dht.begin([]);
  await desk.wait(2.5);
  assertEquals(desk.asked, []);
  await desk.wait(1);
  assertEquals(desk.asked, ["router.example"]);
  await desk.wait(1);
  assertEquals(desk.contacted, ["2.2.2.2:2", "5.5.5.5:6881"]);
  await desk.wait(600);
  assertEquals(desk.asked.length, 5);
});

Deno.test("with nobody to ask they are asked after a second, and not again once a node answers", async () => {
  const desk = new Desk();
  desk.dht.begin([]);
  await desk.wait(2);
  assertEquals(desk.contacted, ["5.5.5.5:6881"]);
  desk.answer(at("5.5.5.5"));
  assertEquals(desk.dht.nodes, 1);
  await desk.wait(120);
  assertEquals(desk.asked.length, 1);
});

Deno.test("a node out there is not believed about our network, one in it is", async () => {
  const desk = new Desk(["5.5.5.6:1"]);
  desk.dht.begin([]);
  await desk.wait(1);
  desk.answer(at("5.5.5.6", 1), [at("7.7.7.7"), at("10.1.1.1"), at("127.0.0.1")]);
  await desk.wait(1);
  desk.answer(at("5.5.5.6", 1), [at("7.7.7.7"), at("10.1.1.1"), at("127.0.0.1")]);
  await desk.wait(3);
  assert(desk.contacted.includes("7.7.7.7:6881"));
  assert(!desk.contacted.some((each) => each.startsWith("10.") || each.startsWith("127.")));

  const home = new Desk(["10.0.0.1:1"]);
  home.dht.begin([]);
  await home.wait(1);
  home.answer(at("10.0.0.1", 1), [at("10.1.1.1"), at("127.0.0.1")]);
  await home.wait(1);
  home.answer(at("10.0.0.1", 1), [at("10.1.1.1"), at("127.0.0.1")]);
  await home.wait(3);
  assert(home.contacted.includes("10.1.1.1:6881"));
  assert(!home.contacted.includes("127.0.0.1:6881"));
});

Deno.test("nodes are saved now and then and at the end, unless there are none", async () => {
  const desk = new Desk(["5.5.5.6:1"]);
  desk.dht.begin([]);
  await desk.wait(1);
  desk.dht.stop();
  assertEquals(desk.saved, []);
  const other = new Desk(["5.5.5.6:1"]);
  other.dht.begin([]);
  await other.wait(1);
  other.answer(at("5.5.5.6", 1));
  await other.wait(301);
  other.dht.stop();
  assertEquals(other.saved, [["5.5.5.6:1"], ["5.5.5.6:1"]]);
  assertEquals(other.receive, null);
  other.dht.begin([]);
  assertEquals([
    other.receive,
    other.dht.search({ infoHash: HASH, announce: null }, {
      peers: () => {},
      done: () => {},
    }),
  ], [null, null]);
});

Deno.test("a few searches run at a time, the others wait for their turn", async () => {
  const desk = new Desk(["5.5.5.6:1"]);
  desk.dht.begin([]);
  await desk.wait(1);
  desk.answer(at("5.5.5.6", 1));
  const listener = { peers: () => {}, done: () => {} };
  let begun = 0;
  while (desk.dht.ready) {
    desk.dht.search({ infoHash: HASH, announce: null }, listener);
    begun++;
  }
  assertEquals(begun, 8);
  await desk.wait(6);
  assert(desk.dht.ready, "the node did not answer, so they are over");
});

Deno.test("peers hear of our node where it can be reached, and of none where not", () => {
  const told = (readOnly: boolean, dht: boolean) => {
    const ports: number[] = [];
    const out = { port: (port: number) => void ports.push(port) };
    new Desk([], [], readOnly).dht.greet({ dht, out });
    return ports;
  };
  assertEquals([told(false, true), told(false, false), told(true, true)], [[6881], [], []]);
});
