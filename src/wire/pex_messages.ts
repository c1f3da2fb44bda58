/** Peer exchange (BEP 11): peers tell each other whom they are connected to, by changes since the message before. */
import { asBytes, asDictionary, type Bvalue, decode, encode } from "../bencode/mod.ts";
import {
  type Bytes,
  concat,
  type Endpoint,
  parseCompact,
  ProtocolError,
  toCompact,
} from "../base/mod.ts";

/** What a peer knows of another; the numbers are BEP 11's. */
export const PexFlag = {
  /** Prefers encryption. */
  Encryption: 0x01,
  /** Only uploads. */
  Seed: 0x02,
  /** Speaks uTP. */
  Utp: 0x04,
  /** Speaks the holepunch extension. */
  Holepunch: 0x08,
  /** Was connected to, so it can be. */
  Reachable: 0x10,
} as const;

/** A peer that another one is connected to. */
export interface PexPeer extends Endpoint {
  /** Bits of {@linkcode PexFlag}; 0 when nothing is known. */
  readonly flags: number;
}

/** Peers it came to know and those it is connected to no longer. */
export interface PexMessage {
  readonly added: readonly PexPeer[];
  readonly dropped: readonly Endpoint[];
}

/** Peers of each kind that BEP 11 allows in one message. */
export const MOST_PEX_PEERS = 50;
/** Of each family and kind, how many are read: clients send up to a hundred, whatever follows is passed over. */
const MOST_READ = 100;

/** The payload of a message; at most {@linkcode MOST_PEX_PEERS} of each kind ought to be in it. */
export function encodePex({ added, dropped }: PexMessage): Bytes {
  const out: Record<string, Bytes> = {};
  for (const [suffix, isIn] of [["", isV4], ["6", isV6]] as const) {
    const come = added.filter(isIn);
    out[`added${suffix}`] = concat(...come.map(toCompact));
    out[`added${suffix}.f`] = new Uint8Array(come.map(({ flags }) => flags));
    out[`dropped${suffix}`] = concat(...dropped.filter(isIn).map(toCompact));
  }
  return encode(out);
}

/** Reads a message. Throws {@linkcode ProtocolError} on no dictionary, and on a list that is no whole number of addresses. */
export function decodePex(payload: Bytes): PexMessage {
  let entries: ReadonlyMap<string, Bvalue> | null;
  try {
    entries = asDictionary(decode(payload, { sorted: false, maxDepth: 4, maxValues: 100 }));
  } catch {
    entries = null;
  }
  if (entries === null) throw new ProtocolError("Expected a bencoded dictionary in ut_pex");
  return {
    added: [
      ...flagged(entries, "added", 4, "added.f"),
      ...flagged(entries, "added6", 16, "added6.f"),
    ],
    dropped: [...list(entries, "dropped", 4), ...list(entries, "dropped6", 16)],
  };
}

/** Port 0 keeps its place until the flags are given out. */
function flagged(
  entries: ReadonlyMap<string, Bvalue>,
  key: string,
  width: 4 | 16,
  flagsKey: string,
): PexPeer[] {
  const bytes = asBytes(entries.get(key)) ?? new Uint8Array(0);
  const flags = asBytes(entries.get(flagsKey));
  const size = width + 2;
  expectWhole(bytes, size, key);
  const count = bytes.length / size;
  const out: PexPeer[] = [];
  for (let i = 0; i < Math.min(count, MOST_READ); i++) {
    const [peer] = parseCompact(bytes.subarray(i * size, (i + 1) * size), width) ?? [];
    // a list of another length says nothing of anyone
    if (peer !== undefined) out.push({ ...peer, flags: flags?.length === count ? flags[i]! : 0 });
  }
  return out;
}

function list(entries: ReadonlyMap<string, Bvalue>, key: string, width: 4 | 16): Endpoint[] {
  const bytes = asBytes(entries.get(key)) ?? new Uint8Array(0);
  const size = width + 2;
  expectWhole(bytes, size, key);
  return parseCompact(bytes.subarray(0, size * MOST_READ), width) ?? [];
}

function expectWhole(bytes: Bytes, size: number, key: string): void {
  if (bytes.length % size === 0) return;
  throw new ProtocolError(`Expected addresses of ${size} bytes in ut_pex's ${key}`);
}

function isV6({ host }: Endpoint): boolean {
  return host.includes(":");
}

function isV4(endpoint: Endpoint): boolean {
  return !isV6(endpoint);
}
