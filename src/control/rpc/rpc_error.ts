import { messageOf, MetainfoError, StorageError, UsageError } from "../../base/mod.ts";
import type { RpcComplaint } from "./rpc_complaint.ts";
import { BencodeError } from "../../bencode/mod.ts";

/** Codes of JSON-RPC 2.0, and those that Transmission 4.1 adds. */
export const RpcCode = {
  parse: -32700,
  request: -32600,
  method: -32601,
  params: -32602,
  internal: -32603,
  trackers: 2,
  system: 5,
  fileIndex: 6,
  http: 8,
  torrent: 9,
} as const;

/** One of {@linkcode RpcCode}. */
export type RpcCode = typeof RpcCode[keyof typeof RpcCode];

/**
 * A call cannot be carried out. The message is what Transmission's `result` says, and its own where that has one;
 * `complaint`: the same as a code, null where only a program can make the mistake.
 */
export class RpcError extends Error {
  override name = "RpcError";
  constructor(
    readonly code: RpcCode,
    message: string,
    readonly complaint: RpcComplaint | null = null,
  ) {
    super(message);
  }
}

/** An argument that is wrong. */
export function wrong(
  name: string,
  expected: string,
  complaint: RpcComplaint = BAD_VALUE,
): RpcError {
  return new RpcError(RpcCode.params, `Expected ${expected} for ${name}`, complaint);
}

const BAD_VALUE: RpcComplaint = { code: "bad-value", values: {} };
const BAD_TORRENT: RpcComplaint = { code: "bad-torrent", values: {} };

/** What anything thrown by the manager is to the caller. */
export function rpcError(error: unknown): RpcError {
  if (error instanceof RpcError) return error;
  const message = messageOf(error);
  if (error instanceof UsageError) {
    // the manager's are of its own list, and came from another thread
    return new RpcError(RpcCode.params, message, error.complaint as RpcComplaint | null);
  }
  if (error instanceof BencodeError || error instanceof MetainfoError) {
    return badTorrent(message);
  }
  if (error instanceof StorageError) {
    const { reason, path } = error;
    return new RpcError(RpcCode.system, message, { code: `storage-${reason}`, values: { path } });
  }
  return new RpcError(RpcCode.internal, message);
}

/** It is no torrent, or none that can be used. */
export function badTorrent(why: string): RpcError {
  return new RpcError(RpcCode.torrent, `invalid or corrupt torrent file: ${why}`, BAD_TORRENT);
}

/** What JSON-RPC calls a code in its `message`. */
export function codeName(code: RpcCode): string {
  switch (code) {
    case RpcCode.parse:
      return "Parse error";
    case RpcCode.request:
      return "Invalid Request";
    case RpcCode.method:
      return "Method not found";
    case RpcCode.params:
      return "Invalid params";
    case RpcCode.internal:
      return "Internal error";
    case RpcCode.trackers:
      return "Invalid tracker list";
    case RpcCode.system:
      return "system error";
    case RpcCode.fileIndex:
      return "file index out of range";
    case RpcCode.http:
      return "HTTP error from backend service";
    case RpcCode.torrent:
      return "invalid or corrupt torrent file";
  }
}
