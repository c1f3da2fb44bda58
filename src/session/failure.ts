import { DeniedError, StorageError } from "../base/mod.ts";
import type { FailureReason } from "./api.ts";

/** `tm seed` of something that is not whole. */
export class IncompleteError extends Error {
  constructor(have: number, pieces: number) {
    super(
      `Expected a complete torrent to seed, ${have} of ${pieces} pieces are here; fetch the rest with tm get`,
    );
  }
}

/** Which of the reasons a front end knows an error is. */
export function reasonOf(error: unknown): FailureReason {
  // by its name: between threads the class gets lost
  if (error instanceof Error && error.name === "BrokenPipe") return "reader-gone";
  if (error instanceof IncompleteError) return "incomplete";
  if (error instanceof DeniedError) return "denied";
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
