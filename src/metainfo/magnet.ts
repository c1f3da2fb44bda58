/** Magnet links (BEP 9, 52, 53): an info hash with hints where to find peers, in one line of text. */
import {
  type Bytes,
  equalBytes,
  fromBinaryString,
  fromHex,
  fromUtf8Lossy,
  type InfoHash,
  infoHash,
  type InfoHashV2,
  infoHashV2,
  MagnetError,
  splitHostPort,
  toHex,
  truncated,
} from "../base/mod.ts";
import { formatRanges, type IndexRange, parseRanges } from "./index_ranges.ts";
import { MAX_FILES } from "./parse_files.ts";
import { TRACKER_SCHEMES, usableUrl, WEBSEED_SCHEMES } from "./parse_urls.ts";

/** What a magnet link says. It can be posted between threads. */
export interface Magnet {
  readonly kind: "magnet";
  /** What it is known by: that of v1 where the link has it, else the first 20 bytes of that of v2 (BEP 52). */
  readonly infoHash: InfoHash;
  /**
   * SHA-1, `urn:btih:`; null: not in the link. Only the metadata shows whether it is not that of v2 cut short, as some
   * write it.
   */
  readonly infoHashV1: InfoHash | null;
  /** SHA-256, `urn:btmh:`; null: not in the link. */
  readonly infoHashV2: InfoHashV2 | null;
  /** `dn`: a name to show until the torrent's own is known; whatever a stranger wrote. */
  readonly name: string | null;
  /** `tr`: announce URLs. */
  readonly trackers: readonly string[];
  /** `ws`: web seeds (BEP 19). */
  readonly webseeds: readonly string[];
  /** `x.pe`: peers as `host:port` or `[v6]:port`; the host may be a name. */
  readonly peers: readonly string[];
  /** `xs`: http(s) URLs of the torrent file. */
  readonly exactSources: readonly string[];
  /** `xl`: size in bytes as the link says. */
  readonly length: number | null;
  /** `so`: the files to download, counted from 0 (BEP 53); null: all. */
  readonly select: readonly IndexRange[] | null;
}

/** Longest link read, in characters; those in the wild have a few hundred, some a few thousand. */
const MAX_LENGTH = 64 * 1024;
const MAX_PARAMETERS = 1000;
/** Of each kind of URL, and of peers. */
const MAX_OF_A_KIND = 100;
const MAX_NAME = 255;
/** A multihash begins with its function, SHA-256, and its length. */
const SHA256_MULTIHASH = "1220";
const SHOWN = 60;
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** True for what is meant as a magnet link, right or wrong. */
export function isMagnet(text: string): boolean {
  return /^\s*magnet:/i.test(text);
}

/**
 * Reads a magnet link. Parameters may carry a number (`tr.1`); unknown ones are passed over, as are trackers and web
 * seeds that are no URL of a known scheme, and an `xl` that is no number. Throws {@linkcode MagnetError} for the rest.
 */
export function parseMagnet(text: string): Magnet {
  const values = parameters(text.trim());
  return {
    kind: "magnet",
    ...parseTopics(values.get("xt") ?? []),
    name: parseName(values.get("dn") ?? []),
    trackers: urls(values.get("tr"), TRACKER_SCHEMES),
    webseeds: urls(values.get("ws"), WEBSEED_SCHEMES),
    peers: parsePeers(values.get("x.pe") ?? []),
    exactSources: urls(values.get("xs"), WEBSEED_SCHEMES),
    length: parseLength(values.get("xl") ?? []),
    select: parseSelect(values.get("so") ?? []),
  };
}

/** The magnet link of what is given; what is null or empty is left out. {@linkcode parseMagnet} gives it back. */
export function encodeMagnet(
  magnet: Pick<Magnet, "infoHash"> & Partial<Omit<Magnet, "kind" | "infoHash">>,
): string {
  const { name = null, length = null, select = null, infoHashV2 = null } = magnet;
  const { infoHashV1 = infoHashV2 === null ? magnet.infoHash : null } = magnet;
  const parts: string[] = [];
  if (infoHashV1 !== null) parts.push(`xt=urn:btih:${toHex(infoHashV1)}`);
  if (infoHashV2 !== null) parts.push(`xt=urn:btmh:${SHA256_MULTIHASH}${toHex(infoHashV2)}`);
  if (name !== null && name !== "") parts.push(`dn=${escape(name)}`);
  if (length !== null) parts.push(`xl=${length}`);
  for (const url of magnet.trackers ?? []) parts.push(`tr=${escape(url)}`);
  for (const url of magnet.webseeds ?? []) parts.push(`ws=${escape(url)}`);
  for (const url of magnet.exactSources ?? []) parts.push(`xs=${escape(url)}`);
  // as BEP 9 writes them, colons and brackets stay
  for (const peer of magnet.peers ?? []) parts.push(`x.pe=${peer}`);
  if (select !== null && select.length > 0) parts.push(`so=${formatRanges(select)}`);
  return `magnet:?${parts.join("&")}`;
}

/** An info hash as people write it: 40 digits of hexadecimal or 32 of base32, in either case. Null for anything else. */
export function parseInfoHash(text: string): InfoHash | null {
  const bytes = text.length === 40 ? fromHex(text) : text.length === 32 ? fromBase32(text) : null;
  return bytes === null ? null : infoHash(bytes);
}

/** A v2 info hash as people write it: 64 digits of hexadecimal, in either case. Null for anything else. */
export function parseInfoHashV2(text: string): InfoHashV2 | null {
  const bytes = text.length === 64 ? fromHex(text) : null;
  return bytes === null ? null : infoHashV2(bytes);
}

/** The magnet link of a bare info hash, of v1 or v2; null when it is none. */
export function linkOfHash(text: string): string | null {
  if (parseInfoHash(text) !== null) return `magnet:?xt=urn:btih:${text}`;
  return parseInfoHashV2(text) === null ? null : `magnet:?xt=urn:btmh:${SHA256_MULTIHASH}${text}`;
}

/** Values by name, in order, still escaped. A number after the name (`tr.1`) only tells apart. */
function parameters(text: string): Map<string, string[]> {
  if (text.length > MAX_LENGTH) {
    throw new MagnetError("link", `Expected a magnet link of at most ${MAX_LENGTH} characters`);
  }
  const query = /^magnet:\?(.+)$/is.exec(text)?.[1];
  if (query === undefined) {
    throw new MagnetError("link", "Expected magnet:?xt=…, with at least an info hash in it");
  }
  // links copied out of a page's source have their ampersands escaped
  const parts = query.replaceAll("&amp;", "&").split("&");
  if (parts.length > MAX_PARAMETERS) {
    throw new MagnetError("link", `Expected at most ${MAX_PARAMETERS} parameters in the link`);
  }
  const values = new Map<string, string[]>();
  for (const part of parts) {
    const at = part.indexOf("=");
    if (at < 0) continue;
    const name = part.slice(0, at).toLowerCase().replace(/\.\d+$/, "");
    const known = values.get(name);
    if (known === undefined) values.set(name, [part.slice(at + 1)]);
    else known.push(part.slice(at + 1));
  }
  return values;
}

/** The first info hash of each version; a link may name the same torrent in other ways besides. */
function parseTopics(
  values: readonly string[],
): Pick<Magnet, "infoHash" | "infoHashV1" | "infoHashV2"> {
  const topics = values.map((value) => unescapeText(value).trim());
  const textOf = (urn: RegExp) =>
    topics.find((topic) => urn.test(topic))?.slice("urn:bt?h:".length);
  const [v1, v2] = [textOf(/^urn:btih:/i), textOf(/^urn:btmh:/i)];
  const btih = v1 === undefined ? null : parseInfoHash(v1);
  if (v1 !== undefined && btih === null) {
    throw new MagnetError(
      "xt",
      `Expected 40 hexadecimal digits or 32 of base32 after urn:btih: in xt, got "${shown(v1)}"`,
    );
  }
  const digits = v2?.startsWith(SHA256_MULTIHASH) ? v2.slice(SHA256_MULTIHASH.length) : "";
  const infoHashV2 = v2 === undefined ? null : parseInfoHashV2(digits);
  if (v2 !== undefined && infoHashV2 === null) {
    throw new MagnetError(
      "xt",
      `Expected ${SHA256_MULTIHASH} and 64 hexadecimal digits after urn:btmh: in xt, got "${
        shown(v2)
      }"`,
    );
  }
  const short = infoHashV2 === null ? null : truncated(infoHashV2);
  // the beginning of the other is no hash of v1
  const infoHashV1 = btih !== null && short !== null && equalBytes(btih, short) ? null : btih;
  const infoHash = infoHashV1 ?? short;
  if (infoHash !== null) return { infoHash, infoHashV1, infoHashV2 };
  const got = topics[0] === undefined ? "nothing" : `"${shown(topics[0])}"`;
  throw new MagnetError("xt", `Expected xt=urn:btih:… with an info hash, got ${got}`);
}

function parseName([value]: readonly string[]): string | null {
  if (value === undefined) return null;
  // a form's space; elsewhere a plus is itself
  const name = unescapeText(value.replaceAll("+", " ")).trim().slice(0, MAX_NAME).toWellFormed();
  return name === "" ? null : name;
}

function urls(values: readonly string[] | undefined, schemes: readonly string[]): string[] {
  const out = new Set<string>();
  for (const value of values ?? []) {
    const url = usableUrl(unescape(value), schemes);
    if (url !== null && out.size < MAX_OF_A_KIND) out.add(url);
  }
  return [...out];
}

function parsePeers(values: readonly string[]): string[] {
  const out = new Set<string>();
  for (const value of values) {
    const peer = unescapeText(value).trim();
    if (splitHostPort(peer) === null) {
      throw new MagnetError(
        "x.pe",
        `Expected HOST:PORT or [IPV6]:PORT in x.pe, got "${shown(peer)}"`,
      );
    }
    if (out.size < MAX_OF_A_KIND) out.add(peer);
  }
  return [...out];
}

/** It only informs, so what is no number is left out. */
function parseLength([value]: readonly string[]): number | null {
  if (value === undefined || !/^\d{1,16}$/.test(value)) return null;
  const length = Number(value);
  return Number.isSafeInteger(length) ? length : null;
}

function parseSelect(values: readonly string[]): readonly IndexRange[] | null {
  if (values.length === 0) return null;
  const text = values.map(unescapeText).join(",");
  const ranges = parseRanges(text, 0, MAX_FILES - 1);
  if (ranges !== null) return ranges;
  throw new MagnetError("so", `Expected file numbers such as 0,2,4-6 in so, got "${shown(text)}"`);
}

function shown(text: string): string {
  const cut = text.slice(0, SHOWN).toWellFormed();
  return cut.length < text.length ? `${cut}…` : cut;
}

function unescapeText(value: string): string {
  return fromUtf8Lossy(unescape(value));
}

/** Bytes behind `%41`; a percent sign that escapes nothing is itself. */
function unescape(value: string): Bytes {
  const utf8 = new TextEncoder().encode(value);
  if (!value.includes("%")) return utf8;
  let text = "";
  for (const byte of utf8) text += String.fromCharCode(byte);
  return fromBinaryString(
    text.replace(
      /%([0-9a-fA-F]{2})/g,
      (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)),
    ),
  );
}

/** Escapes everything that could end a parameter, and what could end a quotation in a shell or a page. */
function escape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** RFC 4648 without padding, 32 digits; null when they are none. */
function fromBase32(text: string): Bytes | null {
  const out = new Uint8Array(20);
  let bits = 0;
  let count = 0;
  let at = 0;
  for (const letter of text.toUpperCase()) {
    const value = BASE32.indexOf(letter);
    if (value < 0) return null;
    bits = (bits << 5 | value) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    out[at++] = bits >> count;
  }
  return out;
}
