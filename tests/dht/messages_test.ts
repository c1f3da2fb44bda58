import { assertEquals, assertThrows } from "@std/assert";
import { type Bytes, type InfoHash, utf8 } from "../../src/base/mod.ts";
import {
  decodeMessage,
  encodeMessage,
  KrpcError,
  type KrpcMessage,
  type NodeId,
  NOTHING,
  type Query,
} from "../../src/dht/mod.ts";

const ID = utf8("abcdefghij0123456789") as NodeId;
const HASH = utf8("mnopqrstuvwxyz123456") as Bytes as InfoHash;
const TARGET = HASH as Bytes as NodeId;
const ASKED = { type: "query", id: ID, transaction: utf8("aa"), readOnly: false } as const;
const ANSWERED = { type: "answer", id: ID, transaction: utf8("aa"), seenAs: null } as const;

/** What BEP 5 shows, with our client's name between. */
const QUERIES: readonly (readonly [string, Query])[] = [
  ["d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe", { method: "ping" }],
  [
    "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe",
    { method: "find_node", target: TARGET, want: [] },
  ],
  [
    "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe",
    { method: "get_peers", infoHash: HASH, want: [], noSeed: false, scrape: false },
  ],
  [
    "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz123456" +
    "4:porti6881e5:token8:aoeusnthe1:q13:announce_peer1:t2:aa1:y1:qe",
    {
      method: "announce_peer",
      infoHash: HASH,
      port: null,
      token: utf8("aoeusnth"),
      seed: false,
    },
  ],
];

for (const [text, query] of QUERIES) {
  Deno.test(`the ${query.method} of BEP 5 is read`, () => {
    assertEquals(decodeMessage(utf8(text)), { ...ASKED, query });
  });
}

Deno.test("the answer of BEP 5 with values is read", () => {
  const text =
    "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re";
  assertEquals(decodeMessage(utf8(text)), {
    ...ANSWERED,
    answer: {
      ...NOTHING,
      token: utf8("aoeusnth"),
      peers: [{ host: "97.120.106.101", port: 11893 }, { host: "105.100.104.116", port: 28269 }],
    },
  });
});

Deno.test("the error of BEP 5 is read", () => {
  assertEquals(decodeMessage(utf8("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee")), {
    type: "error",
    transaction: utf8("aa"),
    code: 201,
    text: "A Generic Error Ocurred",
  });
});

const MESSAGES: readonly KrpcMessage[] = [
  { ...ASKED, readOnly: true, query: { method: "ping" } },
  { ...ASKED, query: { method: "find_node", target: TARGET, want: ["v4", "v6"] } },
  {
    ...ASKED,
    query: { method: "get_peers", infoHash: HASH, want: ["v6"], noSeed: true, scrape: true },
  },
  {
    ...ASKED,
    query: { method: "announce_peer", infoHash: HASH, port: 7, token: utf8("t"), seed: true },
  },
  { ...ASKED, query: { method: "sample_infohashes", target: TARGET, want: [] } },
  { ...ANSWERED, answer: NOTHING },
  {
    ...ANSWERED,
    seenAs: { host: "2001:db8::1", port: 9 },
    answer: {
      nodes: [{ id: ID, endpoint: { host: "1.2.3.4", port: 5 } }],
      nodes6: [{ id: ID, endpoint: { host: "2001:db8::2", port: 6 } }],
      peers: [{ host: "1.2.3.4", port: 5 }, { host: "2001:db8::3", port: 7 }],
      token: utf8("token"),
      seeds: new Uint8Array(256).fill(1),
      leechers: new Uint8Array(256).fill(2),
      samples: { infoHashes: [HASH], total: 12, interval: 600 },
    },
  },
  { type: "error", transaction: utf8("aa"), code: 203, text: "Invalid token" },
];

for (const [i, message] of MESSAGES.entries()) {
  Deno.test(`message ${i} is written as it is read`, () => {
    assertEquals(decodeMessage(encodeMessage(message)), message);
  });
}

const ENVELOPE = "1:t2:aa1:y1";

/** What is refused, and whether its sender is told. */
const REFUSED: readonly (readonly [string, string, boolean])[] = [
  ["nothing", "", false],
  ["no bencode", "hello", false],
  ["no dictionary", "le", false],
  ["no transaction", "d1:y1:qe", false],
  ["a transaction without end", `d1:t33:${"a".repeat(33)}1:y1:qe`, false],
  ["no type", "d1:t2:aae", false],
  ["another type", `d${ENVELOPE}:xe`, false],
  ["a query without arguments", `d1:q4:ping${ENVELOPE}:qe`, true],
  ["a query without an id", `d1:ade1:q4:ping${ENVELOPE}:qe`, true],
  ["an id of 19 bytes", `d1:ad2:id19:abcdefghij012345678e1:q4:ping${ENVELOPE}:qe`, true],
  [
    "a find_node without target",
    `d1:ad2:id20:${"i".repeat(20)}e1:q9:find_node${ENVELOPE}:qe`,
    true,
  ],
  [
    "an announce without token",
    `d1:ad2:id20:${"i".repeat(20)}9:info_hash20:${
      "h".repeat(20)
    }4:porti1ee1:q13:announce_peer${ENVELOPE}:qe`,
    true,
  ],
  [
    "an announce of port 0",
    `d1:ad2:id20:${"i".repeat(20)}9:info_hash20:${
      "h".repeat(20)
    }4:porti0e5:token1:te1:q13:announce_peer${ENVELOPE}:qe`,
    true,
  ],
  ["an answer without values", `d${ENVELOPE}:re`, false],
  [
    "nodes that are cut",
    `d1:rd2:id20:${"i".repeat(20)}5:nodes25:${"n".repeat(25)}e${ENVELOPE}:re`,
    false,
  ],
  ["an error without a code", `d1:ele${ENVELOPE}:ee`, false],
  ["one byte more", `d1:eli201e1:ee${ENVELOPE}:eex`, false],
  ["5,000 bytes", `d1:eli201e4900:${"e".repeat(4900)}e${ENVELOPE}:ee`, false],
  ["nesting", `d1:a${"l".repeat(20)}${"e".repeat(20)}${ENVELOPE}:qe`, false],
];

for (const [what, text, told] of REFUSED) {
  Deno.test(`refused: ${what}`, () => {
    const error = assertThrows(() => decodeMessage(utf8(text)), KrpcError);
    assertEquals(error.transaction !== null, told);
  });
}

Deno.test("an unknown method is one, and nodes at port 0 or mapped addresses are left out", () => {
  const unknown = decodeMessage(utf8(`d1:ad2:id20:abcdefghij0123456789e1:q4:vote${ENVELOPE}:qe`));
  assertEquals(unknown, { ...ASKED, query: { method: "unknown" } });
  const mapped = { id: ID, endpoint: { host: "::ffff:1.2.3.4", port: 5 } };
  const portless = { id: ID, endpoint: { host: "1.2.3.4", port: 0 } };
  const answer = { ...NOTHING, nodes: [portless], nodes6: [mapped] };
  const read = decodeMessage(encodeMessage({ ...ANSWERED, answer }));
  assertEquals(read, { ...ANSWERED, answer: NOTHING });
});
