/** Where torrents come from: a file, a URL or standard input. */
import { type Bytes, MagnetError, messageOf, toHex } from "../base/mod.ts";
import {
  isMagnet,
  linkOfHash,
  type Magnet,
  type Metainfo,
  nameRules,
  parseMagnet,
  parseMetainfo,
} from "../metainfo/mod.ts";
import { type Environment, InputTooLarge } from "./environment.ts";
import { loadWidths } from "./printable.ts";
import type { ProxyChoice } from "../proxy/mod.ts";
import { CommandError, ExitCode, exitCodeOfError } from "./exit_codes.ts";

/** The largest torrent file read, in bytes. */
export const MAX_TORRENT_BYTES = 64 * 1024 * 1024;

interface Given {
  /** As it stood on the command line, safe to show. */
  readonly given: string;
  /** Info hash in hexadecimal. */
  readonly id: string;
  /** What to call it as long as nothing better is known; of a magnet link whatever a stranger wrote. */
  readonly name: string;
  /** Bytes of all its files, 0: not known yet. */
  readonly size: number;
}

/** A torrent that was read and found valid. */
export interface TorrentSource extends Given {
  readonly kind: "torrent";
  readonly torrent: Bytes;
  readonly metainfo: Metainfo;
}

/** A magnet link or an info hash: peers have the rest. */
export interface MagnetSource extends Given {
  readonly kind: "magnet";
  readonly torrent: Magnet;
}

/** What a command can be given. */
export type Source = TorrentSource | MagnetSource;

/** True for the URL of a torrent file. */
export function isTorrentUrl(given: string): boolean {
  return /^https?:\/\//i.test(given);
}

/** True for what is on this machine as a whole: a file, or standard input. */
export function isLocal(given: string): boolean {
  return !isTorrentUrl(given) && !isLink(given);
}

/** Reads and checks one source. Throws {@linkcode CommandError} that names it. */
export async function readSource(
  env: Environment,
  given: string,
  proxy: ProxyChoice | null = null,
): Promise<Source> {
  return isLink(given) ? await readMagnet(given) : await readTorrent(env, given, proxy);
}

/** The torrent in bytes that were had somehow; `shown` says where. Throws {@linkcode CommandError}. */
export async function torrentSource(torrent: Bytes, shown: string): Promise<TorrentSource> {
  if (torrent.length === 0) {
    throw new CommandError(ExitCode.badBencode, `${shown} is not a torrent, it is empty`);
  }
  try {
    const metainfo = await parseMetainfo(torrent, nameRules(Deno.build.os));
    await loadWidths(metainfo.files.map(({ path }) => path.join("/")));
    const { name, totalLength: size, infoHash } = metainfo;
    return { kind: "torrent", given: shown, torrent, metainfo, name, size, id: toHex(infoHash) };
  } catch (error) {
    const code = exitCodeOfError(error);
    if (code !== ExitCode.badBencode && code !== ExitCode.badTorrent) throw error;
    const page = torrent[0] === 0x3c ? " (it looks like a web page)" : "";
    throw new CommandError(code, `${shown} is not a torrent${page}: ${messageOf(error)}`);
  }
}

/** True for a magnet link or a bare info hash. */
function isLink(given: string): boolean {
  return isMagnet(given) || linkOfHash(given) !== null;
}

async function readMagnet(given: string): Promise<MagnetSource> {
  try {
    const torrent = parseMagnet(linkOfHash(given) ?? given);
    const id = toHex(torrent.infoHash);
    // whatever is inside will be shown before it can be looked at
    await loadWidths(["…"]);
    return { kind: "magnet", given, torrent, id, name: torrent.name ?? id, size: 0 };
  } catch (error) {
    if (!(error instanceof MagnetError)) throw error;
    throw new CommandError(ExitCode.badMagnet, `Cannot use the magnet link: ${error.message}`);
  }
}

/** Reads and checks the torrent file that is given. Throws {@linkcode CommandError} that names it. */
export async function readTorrent(
  env: Environment,
  given: string,
  proxy: ProxyChoice | null = null,
): Promise<TorrentSource> {
  if (isMagnet(given)) {
    throw new CommandError(ExitCode.badMagnet, "Expected a torrent file here, got a magnet link");
  }
  if (/^(ftp|udp|wss?|file):\/\//i.test(given)) {
    throw new CommandError(
      ExitCode.badOption,
      `Expected a file, an http or https URL, or -, got ${withoutPassword(given)}`,
    );
  }
  const shown = given === "-" ? "Standard input" : withoutPassword(given);
  return await torrentSource(await readBytes(env, given, shown, proxy), shown);
}

async function readBytes(
  env: Environment,
  given: string,
  shown: string,
  proxy: ProxyChoice | null,
): Promise<Bytes> {
  const isUrl = isTorrentUrl(given);
  try {
    if (given === "-") return await env.files.readInput(MAX_TORRENT_BYTES);
    if (isUrl) return await env.fetchTorrent(given, MAX_TORRENT_BYTES, true, proxy);
    return await env.files.read(given, MAX_TORRENT_BYTES);
  } catch (error) {
    throw isUrl ? fetchFailure(error, shown) : readFailure(error, shown, env.locked);
  }
}

function fetchFailure(error: unknown, shown: string): CommandError {
  if (error instanceof Deno.errors.NotFound) {
    return new CommandError(ExitCode.notFound, `The server has no ${shown}`);
  }
  const code = error instanceof Deno.errors.TimedOut ? ExitCode.timedOut : ExitCode.network;
  return new CommandError(code, `Cannot fetch ${shown}: ${messageOf(error)}`);
}

function readFailure(error: unknown, shown: string, locked: boolean): CommandError {
  if (error instanceof InputTooLarge) {
    return new CommandError(
      ExitCode.badTorrent,
      `Expected a torrent of at most 64 MiB, got more from ${shown}`,
    );
  }
  if (error instanceof Deno.errors.NotFound) {
    return new CommandError(ExitCode.notFound, `No such file: ${shown}${almostHash(shown)}`);
  }
  if (error instanceof Deno.errors.IsADirectory) {
    return new CommandError(
      ExitCode.cannotOpen,
      `Expected a torrent file, got a folder: ${shown} (tm share gives a folder to others)`,
    );
  }
  if (error instanceof Deno.errors.NotCapable && locked) {
    return new CommandError(ExitCode.cannotOpen, lockedAdvice(shown));
  }
  if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) {
    return new CommandError(ExitCode.cannotOpen, `No permission to read ${shown}`);
  }
  return new CommandError(ExitCode.cannotOpen, `Cannot read ${shown}: ${messageOf(error)}`);
}

/** A word for whoever lost or doubled a digit of an info hash. */
function almostHash(given: string): string {
  return /^[0-9a-f]{30,50}$/i.test(given)
    ? `; an info hash has 40 hexadecimal digits, not ${given.length}`
    : "";
}

function lockedAdvice(shown: string): string {
  return `tm-locked cannot read ${shown}, only what is in ./downloads\n` +
    "Put the torrent in ./downloads, give its URL, or pipe it:\n" +
    `  tm-locked get - < ${shown}`;
}

/** A URL without its password; anything else unchanged. */
function withoutPassword(given: string): string {
  if (!URL.canParse(given)) return given;
  const url = new URL(given);
  if (url.password === "") return given;
  url.password = "…";
  return decodeURI(url.href);
}
