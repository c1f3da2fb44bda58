import { DeniedError, messageOf, MetainfoError, StorageError } from "../base/mod.ts";
import { DiskError } from "../storage/mod.ts";
import type { EngineEvent, FailureReason } from "./api.ts";

/** `tm seed` of something that is not whole. */
export class IncompleteError extends Error {
  constructor(have: number, pieces: number) {
    super(
      `Expected a complete torrent to seed, ${have} of ${pieces} pieces are here; fetch the rest with tm get`,
    );
  }
}

/** What an event says of an error that ends a torrent. */
export function failureOf(
  error: unknown,
): Pick<Extract<EngineEvent, { type: "error" }>, "reason" | "message" | "path" | "missing"> {
  return {
    reason: reasonOf(error),
    message: messageOf(error),
    path: error instanceof StorageError ? error.path : null,
    missing: error instanceof DiskError ? error.missing : null,
  };
}

/** Which of the reasons a front end knows an error is. */
function reasonOf(error: unknown): FailureReason {
  // by its name: between threads the class gets lost
  if (error instanceof Error && error.name === "BrokenPipe") return "reader-gone";
  if (error instanceof IncompleteError) return "incomplete";
  if (error instanceof DeniedError) return "denied";
  if (error instanceof MetainfoError) return "bad-torrent";
  if (!(error instanceof StorageError)) return "other";
  switch (error.reason) {
    case "disk-full":
      return "disk-full";
    case "exists":
      return "file-exists";
    case "locked":
      return "locked";
    case "missing":
      return "cannot-open";
    default:
      return "cannot-create";
  }
}
