/** What of a command cannot be, as the manager says it to clients: README's section on the RPC has the codes. */
import { UsageError } from "../base/mod.ts";

/** A code, and what its sentence is made of; numbers count things. */
export interface ComplaintOf<Code extends string, Values> {
  readonly code: Code;
  readonly values: Readonly<Values>;
}

/** Why an address list cannot be used. */
export type ListFault = "unreachable" | "none" | "empty" | "packed" | "large";

/** What the manager refuses. */
export type ManagerComplaint =
  | ComplaintOf<
    | "no-torrent"
    | "no-file"
    | "no-tracker"
    /** The files are not known yet. */
    | "no-metadata"
    /** The folder that tm keeps its own in. */
    | "own-folder"
    | "no-list-url"
    | "label-comma"
    /** Of a type that nobody sends by hand. */
    | "bad-value",
    Record<never, never>
  >
  /** A folder that is not below the download folder. */
  | ComplaintOf<"outside-folder" | "no-such-path" | "file-taken" | "folder-taken", { path: string }>
  | ComplaintOf<"shared-file", { path: string; name: string }>
  | ComplaintOf<"bad-name" | "tracker-url", { name: string }>
  /** At most so many. */
  | ComplaintOf<"too-many-trackers" | "too-many-labels" | "text-too-long", { count: number }>
  | ComplaintOf<"out-of-range", { least: number; most: number }>
  | ComplaintOf<`list-${ListFault}`, { name: string }>;

/** The error that says so. */
export function refused(complaint: ManagerComplaint, message: string): UsageError {
  return new UsageError(message, complaint);
}
