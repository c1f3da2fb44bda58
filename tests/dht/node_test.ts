import { assert, assertEquals } from "@std/assert";
import { type Endpoint, fromHex, type InfoHash, parseAddress, utf8 } from "../../src/base/mod.ts";
import { BloomFilter, isSecureId, KrpcCode, randomId } from "../../src/dht/mod.ts";
import { Talk } from "./talk.ts";

const HASH = fromHex("aa".repeat(20))! as InfoHash;
const GET_PEERS = {
  method: "get_peers",
  infoHash: HASH,
  want: [],
  noSeed: false,
  scrape: false,
} as const;

function place(number: number): Endpoint {
  return { host: `${20 + number}.0.0.1`, port: 6881 };
}

function announce(token: Uint8Array<ArrayBuffer>, port: number | null = 7000) {
  return { method: "announce_peer", infoHash: HASH, port, token, seed: false } as const;
}

Deno.test("who asked may announce, and is found by others", () => {
  const talk = new Talk();
  const { answer } = talk.answerTo(GET_PEERS, place(1));
  assertEquals(answer.peers, []);
  assertEquals(talk.ask(announce(answer.token!), place(1))?.type, "answer");
  assertEquals(talk.answerTo(GET_PEERS, place(2)).answer.peers, [{ host: "21.0.0.1", port: 7000 }]);
  const implied = talk.answerTo(GET_PEERS, place(3)).answer.token!;
  assertEquals(talk.ask(announce(implied, null), place(3))?.type, "answer");
  assertEquals(talk.answerTo(GET_PEERS, place(2)).answer.peers.length, 2);
});

Deno.test("a token is good for its address, its info hash and its time", () => {
  const talk = new Talk();
  const token = talk.answerTo(GET_PEERS, place(1)).answer.token!;
  const refused = (from: Endpoint, query: Parameters<Talk["ask"]>[0]) => {
    const reply = talk.ask(query, from);
    return reply?.type === "error" && reply.code === KrpcCode.Protocol;
  };
  assert(refused(place(2), announce(token)), "another address");
  assert(refused(place(1), announce(token.map((byte) => byte ^ 1))), "another token");
  assert(refused(place(1), announce(utf8(""))), "no token");
  const other = fromHex("bb".repeat(20))! as InfoHash;
  assert(refused(place(1), { ...announce(token), infoHash: other }), "another info hash");
  talk.wait(5 * 60_000);
  assertEquals(talk.ask(announce(token), place(1))?.type, "answer");
  talk.wait(5 * 60_000);
  assert(refused(place(1), announce(token)), "after ten minutes");
  assertEquals(talk.node.status(talk.now).peers, 1);
});

Deno.test("the answer says how we see who asks, and names nodes of the family wished for", () => {
  const talk = new Talk();
  const id = talk.meet(place(1));
  const id6 = talk.meet({ host: "2a01:4f8::5", port: 1 });
  const find = { method: "find_node", target: randomId(talk.random) } as const;
  const plain = talk.answerTo({ ...find, want: [] }, place(9));
  assertEquals(plain.seenAs, place(9));
  assertEquals(plain.answer.nodes.map((node) => node.id), [id]);
  assertEquals(plain.answer.nodes6, []);
  const both = talk.answerTo({ ...find, want: ["v4", "v6"] }, place(9)).answer;
  assertEquals([both.nodes.length, both.nodes6[0]?.id], [1, id6]);
  const six = talk.answerTo({ ...find, want: [] }, { host: "2a01:4f8:9::9", port: 9 });
  assertEquals([six.answer.nodes.length, six.answer.nodes6.length], [0, 1]);
});

Deno.test("counts and samples are there for who asks for them", () => {
  const talk = new Talk();
  assertEquals(talk.answerTo({ ...GET_PEERS, scrape: true }, place(1)).answer.seeds, null);
  const { token } = talk.answerTo(GET_PEERS, place(1)).answer;
  talk.ask({ ...announce(token!), seed: true }, place(1));
  const { seeds, leechers } = talk.answerTo({ ...GET_PEERS, scrape: true }, place(2)).answer;
  assertEquals([seeds?.length, leechers?.length], [256, 256]);
  const sample = { method: "sample_infohashes", target: randomId(talk.random), want: [] } as const;
  const { samples } = talk.answerTo(sample, place(2)).answer;
  assertEquals(samples, { infoHashes: [HASH], total: 1, interval: 600 });
});

Deno.test("what cannot be answered is refused, nonsense is passed over", () => {
  const talk = new Talk();
  const unknown = talk.ask({ method: "unknown" }, place(1));
  assertEquals(unknown?.type === "error" && unknown.code, KrpcCode.UnknownMethod);
  talk.raw(utf8("d1:ade1:q4:ping1:t2:aa1:y1:qe"), place(1));
  const bad = talk.sent.at(-1)!.message;
  assertEquals(bad.type === "error" && bad.code, KrpcCode.Protocol);
  const before = talk.sent.length;
  talk.raw(utf8("hello"), place(1));
  talk.raw(utf8("d1:eli201e1:xe1:t2:aa1:y1:ee"), place(1));
  assertEquals(talk.sent.length, before);
});

Deno.test("a node that only asks answers nobody and says so", () => {
  const talk = new Talk({ readOnly: true });
  assertEquals(talk.ask({ method: "ping" }, place(1)), null);
  talk.raw(utf8("d1:ade1:q4:ping1:t2:aa1:y1:qe"), place(1));
  assertEquals(talk.sent, []);
  talk.node.addNode(place(2));
  talk.wait(300);
  const [{ message }] = talk.sent as [Talk["sent"][number]];
  assert(message.type === "query" && message.readOnly);
});

Deno.test("who asks us gets a place only when it answers itself", () => {
  const talk = new Talk();
  const id = randomId(talk.random);
  talk.ask({ method: "ping" }, place(1), { id, readOnly: false });
  assertEquals(talk.node.export(talk.now), []);
  talk.wait(300);
  // an answer from elsewhere, or with another transaction, is none
  const asked = talk.sent.find(({ message }) => message.type === "query")!;
  assertEquals(asked.to, place(1));
  assertEquals(talk.reply(place(1), id), 1);
  assertEquals(talk.node.export(talk.now), [{ id, endpoint: place(1) }]);
  const quiet = new Talk();
  quiet.ask({ method: "ping" }, place(1), { readOnly: true });
  quiet.ask({ method: "ping" }, { host: "192.168.1.1", port: 1 }, { readOnly: false });
  quiet.wait(1000);
  assert(quiet.sent.every(({ message }) => message.type === "answer"), "nobody is asked");
});

Deno.test("our id follows from our address once enough nodes agree on it", () => {
  const talk = new Talk();
  const before = talk.node.id("v4");
  const address = parseAddress("84.124.73.14")!;
  for (let i = 0; i < 8; i++) {
    talk.meet(place(i), randomId(talk.random));
    assertEquals(talk.node.id("v4"), before, "nobody has told us yet");
  }
  const seen = { host: "84.124.73.14", port: 9 };
  const lie = { host: "9.9.9.9", port: 9 };
  for (const [i, told] of [lie, seen, seen, seen].entries()) talk.tell(place(i), told);
  assertEquals(talk.node.id("v4"), before, "three are too few");
  talk.tell(place(4), { host: "10.0.0.1", port: 9 });
  talk.tell(place(5), seen);
  assert(isSecureId(talk.node.id("v4")!, address));
  assertEquals(talk.node.export(talk.now).length, 8, "the table came along");
});

Deno.test("one address that floods is not heard, others are", () => {
  const talk = new Talk();
  for (let i = 0; i < 1000; i++) talk.ask({ method: "ping" }, place(1));
  assertEquals(talk.sent.length, 50);
  assertEquals(talk.ask({ method: "ping" }, place(2))?.type, "answer");
  talk.wait(1000);
  const before = talk.sent.length;
  for (let i = 0; i < 1000; i++) talk.ask({ method: "ping" }, place(1));
  assert(talk.sent.length - before <= 11);
});

Deno.test("a flood from everywhere costs 8 KB a second and keeps no answer to us out", () => {
  const talk = new Talk();
  talk.meet(place(1));
  const began = talk.now;
  const start = talk.sent.length;
  for (let step = 0; step < 100; step++) {
    talk.wait(100);
    for (let i = 0; i < 1000; i++) {
      const part = () => talk.random.below(256);
      talk.ask(GET_PEERS, { host: `30.${part()}.${part()}.${part()}`, port: 1 });
    }
  }
  const answers = talk.sent.slice(start).filter(({ message }) => message.type === "answer");
  const bytes = answers.reduce((sum, each) => sum + each.bytes, 0);
  const most = 64 * 1024 + 8000 * (talk.now - began) / 1000;
  assert(bytes <= most, `Expected at most ${most} bytes of answers, got ${bytes}`);
  talk.sent.length = 0;
  let found = 0;
  talk.node.search({ infoHash: HASH, announce: null }, {
    peers: (peers) => found += peers.length,
    done: () => {},
  }, talk.now);
  talk.reply(place(1), talk.node.export(talk.now)[0]!.id, { peers: [place(7)] });
  assertEquals(found, 1);
});

Deno.test("without a known node a search is over at once; with one that is dead, soon", () => {
  const talk = new Talk();
  const ends: number[] = [];
  const listener = {
    peers: () => {},
    done: ({ asked }: { readonly asked: number }) => ends.push(asked),
  };
  talk.node.search({ infoHash: HASH, announce: null }, listener, talk.now);
  assertEquals(ends, [0]);
  talk.node.addNode(place(1));
  talk.node.search({ infoHash: HASH, announce: null }, listener, talk.now);
  talk.wait(1500);
  assertEquals(ends, [0, 1]);
});

Deno.test("while nobody at all answers no node is given up: our own network is down", () => {
  const talk = new Talk();
  for (let i = 0; i < 5; i++) talk.meet(place(i));
  talk.wait(2 * 60 * 60_000);
  assertEquals(talk.node.export(talk.now).length, 0, "none was heard of late");
  talk.sent.length = 0;
  talk.node.search(
    { infoHash: HASH, announce: null },
    { peers: () => {}, done: () => {} },
    talk.now,
  );
  assertEquals(talk.sent.length, 3, "they are asked all the same");
});

Deno.test("in a network of two we keep our own announce, where the other sees us", () => {
  const talk = new Talk({
    port: { send: () => {}, mayContact: () => true },
  });
  assertEquals(talk.node.status(talk.now).peers, 0);
  talk.node.keep(HASH, { host: "10.0.0.5", port: 6881 }, true, talk.now);
  assertEquals(talk.node.status(talk.now).peers, 1);
});

Deno.test("what was announced to us is found without asking anybody", () => {
  const talk = new Talk();
  const { token } = talk.answerTo(GET_PEERS, place(1)).answer;
  talk.ask(announce(token!), place(1));
  const found: Endpoint[] = [];
  talk.node.search({ infoHash: HASH, announce: null }, {
    peers: (peers) => found.push(...peers),
    done: () => {},
  }, talk.now);
  assertEquals(found, [{ host: "21.0.0.1", port: 7000 }]);
});

Deno.test("a search that counts merges what the nodes say", () => {
  const talk = new Talk();
  const ids = [1, 2].map((number) => talk.meet(place(number)));
  let counts: readonly (number | null)[] = [];
  talk.node.search({ infoHash: HASH, announce: null, scrape: true }, {
    peers: () => {},
    done: ({ seeds, leechers }) => counts = [seeds, leechers],
  }, talk.now);
  for (const [i, id] of ids.entries()) {
    const [seeds, leechers] = [new BloomFilter(), new BloomFilter()];
    // both know the same seed, and each a leecher of its own
    seeds.add(parseAddress("1.2.3.4")!);
    leechers.add(parseAddress(`1.2.3.${10 + i}`)!);
    talk.reply(place(i + 1), id, { seeds: seeds.toWire(), leechers: leechers.toWire() });
  }
  assertEquals(counts, [1, 2]);
});

Deno.test("a gateway's word for our address makes the id, until a majority says otherwise", () => {
  const talk = new Talk();
  const at = (host: string) => isSecureId(talk.node.id("v4")!, parseAddress(host)!);
  talk.node.isAt("192.168.1.1", talk.now);
  talk.node.isAt("8.8.4.4", talk.now);
  assert(at("8.8.4.4"), "the id follows from the address");
  const before = talk.node.id("v4");
  talk.node.isAt("8.8.8.8", talk.now);
  assertEquals(talk.node.id("v4"), before);
});
