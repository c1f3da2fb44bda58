/** What the main thread and the engine worker say to each other. */
import {
  type Bytes,
  type Complaint,
  messageOf,
  MetainfoError,
  type StorageCause,
  StorageError,
  UsageError,
} from "../base/mod.ts";
import { BencodeError } from "../bencode/mod.ts";
import type { Magnet } from "../metainfo/mod.ts";
import type { AddOptions, EngineEvent, EngineOptions } from "../session/mod.ts";
import type { ManagerApi } from "../manager/mod.ts";
import type { ManagerOptions } from "./manager_api.ts";
import type { Changes } from "./mirror/changes.ts";
import type { CreateRequest, HashProgress, VerifyRequest } from "./jobs_api.ts";

/** What the worker is asked to do; each call is answered once, by its id. */
export type WorkerCall =
  | { readonly op: "start"; readonly options: EngineOptions }
  | { readonly op: "add"; readonly torrent: Bytes | Magnet; readonly options: AddOptions }
  | {
    readonly op: "metadata";
    readonly magnet: Magnet;
    readonly options: Pick<AddOptions, "peers" | "typed">;
  }
  | { readonly op: "start-manager"; readonly options: ManagerOptions }
  /** A method of `ManagerApi` with its arguments; what it changed is told first. */
  | { readonly op: "manage"; readonly method: keyof ManagerApi; readonly args: readonly unknown[] }
  /** Tells what changed of the manager since the last time. */
  | { readonly op: "look" }
  | { readonly op: "stop"; readonly graceMs: number }
  | { readonly op: "verify"; readonly request: VerifyRequest }
  | { readonly op: "create"; readonly request: CreateRequest }
  | { readonly op: "abort" };

/** One message to the worker. */
export interface WorkerRequest {
  readonly id: number;
  readonly call: WorkerCall;
}

/** What became of a chunk of the stream: it comes back once it was written. */
export type StreamAnswer =
  | { readonly output: number; readonly chunk: Bytes }
  | { readonly output: number; readonly error: PostedError };

/** One message from the worker. */
export type WorkerReply =
  | { readonly type: "event"; readonly event: EngineEvent }
  /** A chunk of the stream; a {@linkcode StreamAnswer} follows. */
  | { readonly type: "output"; readonly id: number; readonly chunk: Bytes }
  /** Null: there are some, to be looked at. */
  | { readonly type: "changes"; readonly changes: Changes | null }
  | { readonly type: "hashed"; readonly progress: HashProgress }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly error: PostedError };

/** An error on its way between threads, where classes get lost. */
export type PostedError =
  | { readonly kind: "bencode"; readonly offset: number; readonly fault: string }
  | { readonly kind: "metainfo"; readonly field: string; readonly message: string }
  | {
    readonly kind: "storage";
    readonly reason: StorageCause;
    readonly path: string;
    readonly message: string;
  }
  | { readonly kind: "usage"; readonly message: string; readonly complaint: Complaint | null }
  | { readonly kind: "other"; readonly name: string; readonly message: string };

/** Packs an error for the other thread. */
export function postError(error: unknown): PostedError {
  const message = messageOf(error);
  if (error instanceof BencodeError) {
    return { kind: "bencode", offset: error.offset, fault: error.fault };
  }
  if (error instanceof MetainfoError) return { kind: "metainfo", field: error.field, message };
  if (error instanceof StorageError) {
    return { kind: "storage", reason: error.reason, path: error.path, message };
  }
  if (error instanceof UsageError) return { kind: "usage", message, complaint: error.complaint };
  return { kind: "other", name: error instanceof Error ? error.name : "Error", message };
}

/** The error that was packed, of its own class again. */
export function receiveError(posted: PostedError): Error {
  switch (posted.kind) {
    case "bencode":
      return new BencodeError(posted.offset, posted.fault);
    case "metainfo":
      return new MetainfoError(posted.field, posted.message);
    case "storage":
      return new StorageError(posted.reason, posted.path, posted.message);
    case "usage":
      return new UsageError(posted.message, posted.complaint);
    case "other": {
      const error = new Error(posted.message);
      error.name = posted.name;
      return error;
    }
  }
}
