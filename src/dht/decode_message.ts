import {
  type Bytes,
  type Endpoint,
  fromUtf8Lossy,
  type InfoHash,
  parseCompact,
} from "../base/mod.ts";
import {
  asBytes,
  asDictionary,
  asInteger,
  asList,
  BencodeError,
  type Bvalue,
  decode,
} from "../bencode/mod.ts";
import { FILTER_LENGTH } from "./bloom_filter.ts";
import { parseContacts } from "./contacts.ts";
import {
  type Answer,
  type Contact,
  type Family,
  KrpcError,
  type KrpcMessage,
  type Query,
  type Samples,
} from "./message.ts";
import { ID_LENGTH, type NodeId } from "./node_id.ts";

/** A packet is one datagram that should not be split; some nodes send a little more than 1,500 bytes. */
export const MAX_PACKET = 4096;
const MAX_TRANSACTION = 32;
const MAX_TOKEN = 128;
const MAX_ERROR_TEXT = 200;
/** Real nodes fail the order of keys, and extensions of others nest a little deeper than we read. */
const LIMITS = { maxDepth: 8, maxValues: 1500, maxString: MAX_PACKET, maxKey: 64, sorted: false };
const DAY_SECONDS = 86_400;

type Entries = ReadonlyMap<string, Bvalue>;

/** Reads a packet. Throws {@linkcode KrpcError} for anything that is not wholly a message; copies what it keeps. */
export function decodeMessage(packet: Bytes): KrpcMessage {
  if (packet.length > MAX_PACKET) throw new KrpcError(`Packet of ${packet.length} bytes`);
  const entries = asDictionary(read(packet));
  if (entries === null) throw new KrpcError("Expected a dictionary");
  const transaction = asBytes(entries.get("t"))?.slice() ?? null;
  if (transaction === null || transaction.length > MAX_TRANSACTION) {
    throw new KrpcError(`Expected a transaction id of at most ${MAX_TRANSACTION} bytes`);
  }
  const type = asBytes(entries.get("y"));
  switch (type?.length === 1 ? String.fromCharCode(type[0]!) : "") {
    case "q":
      return { type: "query", transaction, ...readQuery(entries, transaction) };
    case "r":
      return { type: "answer", transaction, ...readAnswer(entries) };
    case "e":
      return { type: "error", transaction, ...readError(entries) };
    default:
      throw new KrpcError("Expected a query, an answer or an error");
  }
}

function read(packet: Bytes): Bvalue {
  try {
    return decode(packet, LIMITS);
  } catch (error) {
    if (error instanceof BencodeError) throw new KrpcError(error.message);
    throw error;
  }
}

function readQuery(entries: Entries, transaction: Bytes) {
  const args = asDictionary(entries.get("a"));
  const method = asBytes(entries.get("q"));
  const id = idOf(args?.get("id"));
  if (args === null || method === null || id === null) {
    throw new KrpcError("Expected a method and the sender's id", transaction);
  }
  const query = queryOf(fromUtf8Lossy(method), args);
  if (query === null) throw new KrpcError("Expected the method's arguments", transaction);
  return { id, query, readOnly: asInteger(entries.get("ro")) === 1 };
}

/** Null when an argument is missing or wrong. */
function queryOf(method: string, args: Entries): Query | null {
  const target = idOf(args.get("target"));
  const infoHash = idOf(args.get("info_hash")) as InfoHash | null;
  const want = wantOf(args.get("want"));
  switch (method) {
    case "ping":
      return { method };
    case "find_node":
    case "sample_infohashes":
      return target === null ? null : { method, target, want };
    case "get_peers":
      return infoHash === null ? null : {
        method,
        infoHash,
        want,
        noSeed: asInteger(args.get("noseed")) === 1,
        scrape: asInteger(args.get("scrape")) === 1,
      };
    case "announce_peer": {
      const token = asBytes(args.get("token"));
      const implied = asInteger(args.get("implied_port"));
      const port = implied !== null && implied !== 0 ? null : asInteger(args.get("port"), 1, 65535);
      const hasPort = port !== null || (implied !== null && implied !== 0);
      if (infoHash === null || token === null || token.length > MAX_TOKEN || !hasPort) return null;
      const seed = asInteger(args.get("seed")) === 1;
      return { method, infoHash, port, token: token.slice(), seed };
    }
    default:
      return { method: "unknown" };
  }
}

function readAnswer(entries: Entries): { id: NodeId; answer: Answer; seenAs: Endpoint | null } {
  const values = asDictionary(entries.get("r"));
  const id = idOf(values?.get("id"));
  if (values === null || id === null) throw new KrpcError("Expected an answer with an id");
  const token = asBytes(values.get("token"));
  return {
    id,
    answer: {
      nodes: contactsOf(values.get("nodes"), "v4"),
      nodes6: contactsOf(values.get("nodes6"), "v6"),
      peers: peersOf(values.get("values")),
      token: token === null || token.length > MAX_TOKEN ? null : token.slice(),
      seeds: filterOf(values.get("BFsd")),
      leechers: filterOf(values.get("BFpe")),
      samples: samplesOf(values),
    },
    seenAs: seenAsOf(entries.get("ip")),
  };
}

function readError(entries: Entries): { code: number; text: string } {
  const parts = asList(entries.get("e"));
  const code = asInteger(parts?.[0]);
  if (code === null) throw new KrpcError("Expected an error with a code");
  const text = asBytes(parts?.[1])?.subarray(0, MAX_ERROR_TEXT);
  return { code, text: text === undefined ? "" : fromUtf8Lossy(text) };
}

function idOf(value: Bvalue | undefined): NodeId | null {
  const bytes = asBytes(value);
  return bytes?.length === ID_LENGTH ? bytes.slice() as NodeId : null;
}

function wantOf(value: Bvalue | undefined): Family[] {
  const names = (asList(value) ?? []).map((item) =>
    fromUtf8Lossy(asBytes(item) ?? new Uint8Array())
  );
  return (["v4", "v6"] as const).filter((family) => names.includes(family.replace("v", "n")));
}

function contactsOf(value: Bvalue | undefined, family: Family): readonly Contact[] {
  if (value === undefined) return [];
  const bytes = asBytes(value);
  const contacts = bytes === null ? null : parseContacts(bytes, family);
  if (contacts === null) throw new KrpcError("Expected nodes in compact form");
  return contacts;
}

/** Each peer is a string of its own, of either family (BEP 32). */
function peersOf(value: Bvalue | undefined): Endpoint[] {
  return (asList(value) ?? []).flatMap((item) => {
    const bytes = asBytes(item);
    if (bytes?.length === 6) return parseCompact(bytes, 4) ?? [];
    return bytes?.length === 18 ? parseCompact(bytes, 16) ?? [] : [];
  });
}

function filterOf(value: Bvalue | undefined): Bytes | null {
  const bytes = asBytes(value);
  return bytes?.length === FILTER_LENGTH ? bytes.slice() : null;
}

function samplesOf(values: Entries): Samples | null {
  const bytes = asBytes(values.get("samples"));
  if (bytes === null || bytes.length % ID_LENGTH !== 0) return null;
  const infoHashes: InfoHash[] = [];
  for (let at = 0; at < bytes.length; at += ID_LENGTH) {
    infoHashes.push(bytes.slice(at, at + ID_LENGTH) as InfoHash);
  }
  return {
    infoHashes,
    total: asInteger(values.get("num")) ?? infoHashes.length,
    interval: asInteger(values.get("interval"), 0, DAY_SECONDS) ?? 0,
  };
}

function seenAsOf(value: Bvalue | undefined): Endpoint | null {
  const bytes = asBytes(value);
  if (bytes?.length === 6) return parseCompact(bytes, 4)?.[0] ?? null;
  return bytes?.length === 18 ? parseCompact(bytes, 16)?.[0] ?? null : null;
}
