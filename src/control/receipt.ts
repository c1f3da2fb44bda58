/** What each part of the process may touch, for clients to show. Without imports: the web page has this file too. */

/** A right, and how far it goes: to nothing, to all, or to these things alone. */
export interface Right {
  readonly name: "read" | "write" | "net" | "run" | "env" | "ffi" | "sys";
  readonly state: "none" | "all" | "some";
  /** Folders or kinds of system information, as far as they are known. */
  readonly only: readonly string[];
}

/** What one part of the process may touch; what is not named it may not. */
export interface PartRights {
  readonly part: "engine" | "main";
  readonly rights: readonly Right[];
}

/** The receipt: every part that handles a torrent or a request. */
export type Receipt = readonly PartRights[];
