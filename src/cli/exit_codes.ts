/** Why `tm` ended, as a number scripts can act on. The numbers are aria2's where it has one. */
import { StorageError, UsageError } from "../base/mod.ts";
import type { FailureReason } from "../session/mod.ts";

/** Every exit code of `tm`. */
export const ExitCode = {
  ok: 0,
  /** Something this list has no name for. */
  unknown: 1,
  /** No peers or no data for `--stall-timeout`, or a server that does not answer. */
  timedOut: 2,
  /** The source, torrent or file does not exist. */
  notFound: 3,
  /** A torrent's URL could not be fetched, or there is no manager. */
  network: 6,
  /** Stopped before everything was there. */
  unfinished: 7,
  /** Not enough disk space. */
  noSpace: 9,
  /** Another `tm` has this torrent in this folder. */
  alreadyRunning: 12,
  /** A file is in the way and would have to be overwritten. */
  fileExists: 13,
  cannotCreate: 16,
  cannotOpen: 17,
  /** What should be a manager answers nonsense. */
  badAnswer: 22,
  /** A manager wants a name and a password, or does not serve us. */
  unauthorized: 24,
  /** Not bencode. */
  badBencode: 25,
  /** Bencode, but no valid torrent. */
  badTorrent: 26,
  /** A magnet link that cannot be used. */
  badMagnet: 27,
  /** An option or argument that cannot be understood or allowed. */
  badOption: 28,
  /** `tm verify` found a difference. */
  checksum: 32,
  /** A torrent with a file that `--deny` keeps out. */
  denied: 33,
} as const;

/** One of the numbers above. */
export type ExitCode = typeof ExitCode[keyof typeof ExitCode];

const BY_REASON: Readonly<Record<FailureReason, ExitCode>> = {
  "stalled": ExitCode.timedOut,
  "disk-full": ExitCode.noSpace,
  "file-exists": ExitCode.fileExists,
  "cannot-create": ExitCode.cannotCreate,
  "cannot-open": ExitCode.cannotOpen,
  "locked": ExitCode.alreadyRunning,
  "incomplete": ExitCode.unfinished,
  "bad-torrent": ExitCode.badTorrent,
  "denied": ExitCode.denied,
  "budget": ExitCode.unfinished,
  "reader-gone": ExitCode.unfinished,
  "other": ExitCode.unknown,
};

const BY_STORAGE_CAUSE: Readonly<Record<StorageError["reason"], ExitCode>> = {
  "disk-full": ExitCode.noSpace,
  "permission": ExitCode.cannotOpen,
  "exists": ExitCode.fileExists,
  "not-a-folder": ExitCode.cannotCreate,
  "link": ExitCode.cannotOpen,
  "locked": ExitCode.alreadyRunning,
  "missing": ExitCode.notFound,
  "other": ExitCode.unknown,
};

/** A failure that a command has put into words itself, with its exit code. */
export class CommandError extends Error {
  override name = "CommandError";
  constructor(readonly code: ExitCode, message: string) {
    super(message);
  }
}

/** The exit code of a torrent that ended for `reason`. */
export function exitCodeOfReason(reason: FailureReason): ExitCode {
  return BY_REASON[reason];
}

/** The exit code of anything thrown. An error that crossed from a worker is known by its name only. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.code;
  if (error instanceof UsageError) return ExitCode.badOption;
  if (error instanceof StorageError) return BY_STORAGE_CAUSE[error.reason];
  if (!(error instanceof Error)) return ExitCode.unknown;
  if (error.name === "BencodeError") return ExitCode.badBencode;
  if (error.name === "DeniedError") return ExitCode.denied;
  if (error.name === "MetainfoError") return ExitCode.badTorrent;
  if (error instanceof Deno.errors.NotFound) return ExitCode.notFound;
  if (error instanceof Deno.errors.TimedOut) return ExitCode.timedOut;
  if (error instanceof Deno.errors.AlreadyExists) return ExitCode.fileExists;
  if (error instanceof Deno.errors.NotADirectory) return ExitCode.cannotCreate;
  if (error instanceof Deno.errors.IsADirectory) return ExitCode.cannotOpen;
  if (error instanceof Deno.errors.PermissionDenied) return ExitCode.cannotOpen;
  if (error instanceof Deno.errors.NotCapable) return ExitCode.cannotOpen;
  if ("code" in error && error.code === "ENOSPC") return ExitCode.noSpace;
  return ExitCode.unknown;
}
