/** Torrent files behind URLs: those that the user names, and those of a magnet link's `xs`. */
import type { Bytes } from "../base/mod.ts";
import { type Allow, fetchBounded } from "./http.ts";
import { HttpError, type HttpFailure } from "./http_error.ts";

/** Why there is none. */
export type TorrentFileFault =
  /** The server does not have it (404, 410), or not for us (401, 403 and their like). */
  | "missing"
  | "forbidden"
  /** It asks us to come later (429, 503), or has trouble of its own (other 5xx). */
  | "busy"
  | "trouble"
  /** Its answer is none. */
  | "answers-badly"
  | "too-large"
  /** Our own address policy forbids to ask it, or where it sends us. */
  | "refused"
  | "redirects"
  | "unknown-host"
  | "unreachable"
  /** No whole answer in time. */
  | "silent";

/** A torrent file could not be had; the message is fit for the user and holds no query. */
export class TorrentFileError extends Error {
  override name = "TorrentFileError";
  constructor(readonly fault: TorrentFileFault, message: string) {
    super(message);
  }
}

/** Bounds of a fetch. */
export interface TorrentFileOptions {
  /** Bytes of the file, after decompression. */
  readonly maxBytes: number;
  /** Judges each hop. */
  readonly allow: Allow;
  readonly signal?: AbortSignal;
}

/** Milliseconds for everything together. */
const TIMEOUT_MS = 60_000;
const MAX_REDIRECTS = 5;

const FAULTS: Readonly<Record<HttpFailure, TorrentFileFault>> = {
  "refused": "refused",
  "timeout": "silent",
  "too-large": "too-large",
  "redirects": "redirects",
  "unknown-host": "unknown-host",
  "network": "unreachable",
};

/**
 * The body at `url`, whatever it holds. Rejects with {@linkcode TorrentFileError}, or with `signal`'s reason once that
 * is aborted.
 */
export async function fetchTorrentFile(url: string, options: TorrentFileOptions): Promise<Bytes> {
  const answer = await fetchBounded(url, {
    maxBytes: options.maxBytes,
    timeoutMs: TIMEOUT_MS,
    maxRedirects: MAX_REDIRECTS,
    accept: "application/x-bittorrent, */*",
    allow: options.allow,
    signal: options.signal,
  }).catch((error: unknown) => {
    if (!(error instanceof HttpError)) throw error;
    throw new TorrentFileError(FAULTS[error.reason], error.message);
  });
  const { status, bytes } = answer;
  if (status >= 200 && status <= 299) return bytes;
  throw new TorrentFileError(faultOf(status), `Expected status 200, got ${status}`);
}

function faultOf(status: number): TorrentFileFault {
  if (status === 404 || status === 410) return "missing";
  if (status === 408) return "silent";
  if (status === 429 || status === 503) return "busy";
  if (status >= 500) return "trouble";
  return status >= 400 ? "forbidden" : "answers-badly";
}
