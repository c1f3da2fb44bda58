/** How requests reach a manager: one HTTP exchange at a time, bounded. */
import type { ManagerAddress } from "./address.ts";

/** A request of the RPC; where it goes is the transport's. */
export interface RpcRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds until the whole answer must be here. */
  readonly timeoutMs: number;
  /** Bytes of an answer that are read at most. */
  readonly maxBytes: number;
}

/** What came back. */
export interface RpcReply {
  readonly status: number;
  /** The value of `X-Transmission-Session-Id`, null without one. */
  readonly sessionId: string | null;
  readonly body: string;
}

/** The way to one manager. */
export interface Transport {
  /** Sends one request. Rejects with `RemoteError`: `unreachable`, `silent` or `bad-answer`. */
  send(request: RpcRequest): Promise<RpcReply>;
  /** Lets its connections go. */
  close(): void;
}

/** Opens the way to the manager at an address; nothing is sent. */
export type OpenTransport = (address: ManagerAddress) => Transport;
