/** What peers call out in their own network (BEP 14): a packet in the shape of HTTP. */
import { type Bytes, fromHex, type InfoHash, infoHash, toHex, utf8 } from "../base/mod.ts";

/** Where it is called out, by family. */
export const LSD_GROUPS = {
  ipv4: { host: "239.192.152.143", port: 6771 },
  ipv6: { host: "ff15::efc0:988f", port: 6771 },
} as const;

/** The family a packet goes out in. */
export type LsdFamily = keyof typeof LSD_GROUPS;

/** The largest packet (BEP 14). */
const MAX_BYTES = 1400;
/** Torrents in one packet; more would not fit. */
const MOST_HASHES = 25;
const FIRST_LINE = "BT-SEARCH * HTTP/1.1";

/** Somebody serves or wants these torrents, and takes connections on a port. */
export interface LsdMessage {
  readonly port: number;
  readonly infoHashes: readonly InfoHash[];
  /** What the sender knows its own packets by; null: nothing. */
  readonly cookie: string | null;
}

/** A packet for `family`. */
export function encodeLsd(family: LsdFamily, { port, infoHashes, cookie }: LsdMessage): Bytes {
  const { host, port: group } = LSD_GROUPS[family];
  const lines = [
    FIRST_LINE,
    `Host: ${family === "ipv6" ? `[${host}]` : host}:${group}`,
    `Port: ${port}`,
    ...infoHashes.map((hash) => `Infohash: ${toHex(hash)}`),
    ...(cookie === null ? [] : [`cookie: ${cookie}`]),
  ];
  return utf8(`${lines.join("\r\n")}\r\n\r\n\r\n`);
}

/** Reads a packet; null when it is none, or names no port or torrent. Headers that are unknown or twice are passed over. */
export function decodeLsd(bytes: Bytes): LsdMessage | null {
  if (bytes.length > MAX_BYTES) return null;
  const [first, ...lines] = new TextDecoder("latin1").decode(bytes).split("\r\n");
  if (first !== FIRST_LINE) return null;
  let port: number | null = null;
  let cookie: string | null = null;
  const infoHashes = new Map<string, InfoHash>();
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z-]{1,20}): *([\x21-\x7e]{1,80}) *$/.exec(line) ?? [];
    switch (name?.toLowerCase()) {
      case "port":
        port ??= /^\d{1,5}$/.test(value!) ? Number(value) : null;
        break;
      case "cookie":
        cookie ??= value!;
        break;
      case "infohash": {
        const hash = value!.length === 40 ? fromHex(value!.toLowerCase()) : null;
        if (hash !== null && infoHashes.size < MOST_HASHES) {
          infoHashes.set(value!.toLowerCase(), infoHash(hash));
        }
      }
    }
  }
  if (port === null || port < 1 || port > 65535 || infoHashes.size === 0) return null;
  return { port, infoHashes: [...infoHashes.values()], cookie };
}
