import { type Bytes, messageOf, type StorageCause, StorageError } from "../base/mod.ts";

/** A storage error with what the disk worker can add. */
export class DiskError extends StorageError {
  /** The memory of a failed `write`, to be used again. */
  buffer: Bytes | null = null;

  constructor(
    reason: StorageCause,
    path: string,
    message: string,
    /** Disk full: bytes that are missing until every file is whole; null when not known. */
    readonly missing: number | null = null,
    /** The system's own code ("EIO"), when there was one. */
    readonly code: string | null = null,
  ) {
    super(reason, path, message);
  }
}

/** Codes of errors that Deno has no class for, or throws as a plain `Error`. */
const reasonOfCode: Readonly<Record<string, StorageCause>> = {
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EFBIG: "disk-full",
  EACCES: "permission",
  EPERM: "permission",
  EROFS: "permission",
  ENOTDIR: "not-a-folder",
  EISDIR: "not-a-folder",
  EEXIST: "exists",
  ELOOP: "link",
  ENOENT: "missing",
};

/** The `code` of a system error ("ENOSPC"), or null. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

/** Why an operation on a file failed, as far as it decides what happens next. */
export function reasonOf(error: unknown): StorageCause {
  if (error instanceof StorageError) return error.reason;
  const byCode = reasonOfCode[codeOf(error) ?? ""];
  if (byCode !== undefined) return byCode;
  if (error instanceof Deno.errors.PermissionDenied) return "permission";
  if (error instanceof Deno.errors.NotCapable) return "permission";
  if (error instanceof Deno.errors.NotADirectory) return "not-a-folder";
  if (error instanceof Deno.errors.IsADirectory) return "not-a-folder";
  if (error instanceof Deno.errors.AlreadyExists) return "exists";
  if (error instanceof Deno.errors.FilesystemLoop) return "link";
  if (error instanceof Deno.errors.NotFound) return "missing";
  return "other";
}

const explanations: Readonly<Record<StorageCause, string>> = {
  "disk-full": "Disk full",
  permission: "No permission",
  exists: "Already exists",
  "not-a-folder": "Expected a folder on the way to a file",
  link: "Refused to follow a link",
  locked: "Locked",
  missing: "Not found",
  other: "Cannot use",
};

/** Anything thrown by a call on `path` as a `DiskError`; one that is a storage error already keeps its path and text. */
export function asDiskError(error: unknown, path: string): DiskError {
  if (error instanceof DiskError) return error;
  if (error instanceof StorageError) return new DiskError(error.reason, error.path, error.message);
  const reason = reasonOf(error);
  const detail = reason === "other" ? ` (${messageOf(error)})` : "";
  const message = `${explanations[reason]}: ${path}${detail}`;
  return new DiskError(reason, path, message, null, codeOf(error));
}
