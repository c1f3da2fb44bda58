/** The errors the program can name; each says whose fault it is and so what happens next. */

/** The peer broke the protocol: drop it and count a strike. */
export class ProtocolError extends Error {
  override name = "ProtocolError";
}

/** What is wrong with a tracker, as far as it decides what a user can do. */
export type TrackerFault =
  /** It answered in good order that it will not serve us (`failure reason`). */
  | "refuses"
  /** Its answer is none: a web page, a failing HTTP status, nonsense. */
  | "answers-badly"
  /** Its name leads to no address. */
  | "unknown-host"
  | "unreachable"
  /** No answer in time. */
  | "silent"
  /** Our own address policy forbids to ask it. */
  | "forbidden";

/** A tracker answered badly or not at all: retry later, another tracker now. */
export class TrackerError extends Error {
  override name = "TrackerError";
  constructor(message: string, readonly fault: TrackerFault = "answers-badly") {
    super(message);
  }
}

/** A torrent or one of its fields is not what BEP 3 says. `field` is its path, as `info.files[3].length`. */
export class MetainfoError extends Error {
  override name = "MetainfoError";
  constructor(readonly field: string, message: string) {
    super(message);
  }
}

/** A torrent holds what the user does not let in: `glob` matches its file `path`. */
export class DeniedError extends Error {
  override name = "DeniedError";
  constructor(readonly path: string, readonly glob: string) {
    super(`Refused the torrent: its file ${path} is denied by ${glob}`);
  }
}

/** A magnet link cannot be used; `part` is the parameter that is wrong, as `xt` or `x.pe` (exit 27). */
export class MagnetError extends Error {
  override name = "MagnetError";
  constructor(readonly part: string, message: string) {
    super(message);
  }
}

/** Why storage failed, as far as it decides what happens next. */
export type StorageCause =
  | "disk-full"
  | "permission"
  | "exists"
  | "not-a-folder"
  | "link"
  | "locked"
  | "missing"
  | "other";

/** Our own disk failed: pause the torrent and name the path. */
export class StorageError extends Error {
  override name = "StorageError";
  constructor(readonly reason: StorageCause, readonly path: string, message: string) {
    super(message);
  }
}

/** What is wrong, for who says it in another language: a code, and what its sentence is made of. */
export interface Complaint {
  readonly code: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** A command cannot be carried out as written (exit 28); `complaint`: the message as a code, where it has one. */
export class UsageError extends Error {
  override name = "UsageError";
  constructor(message: string, readonly complaint: Complaint | null = null) {
    super(message);
  }
}

/** Where anything thrown came from, as far as it says, for the report of a fault of our own. */
export function traceOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
