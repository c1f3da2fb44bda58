import type { Bytes, Endpoint, Millis } from "../base/mod.ts";
import type { UtpConnection } from "./connection.ts";

/** How a connection ended. */
export type UtpEnd =
  /** We closed it, and the peer knows or was given the time to. */
  | "closed"
  /** The peer wants none. */
  | "refused"
  /** The peer knows of none, or ended it at once. */
  | "reset"
  /** Nothing was answered for long. */
  | "silent";

/** Who uses a connection. All is called once whatever arrived together was taken in, `closed` at any time. */
export interface UtpUser {
  /** The peer has answered our call. */
  connected(now: Millis): void;
  /** There is more to read, or the end is reached. */
  readable(now: Millis): void;
  /** There is room to write, after there was too little. */
  writable(now: Millis): void;
  /** It is over, and not because it was closed here. */
  closed(end: UtpEnd): void;
}

/** What the connections of a socket need of it. */
export interface UtpPort {
  /** Sends a packet or loses it. */
  send(packet: Bytes, to: Endpoint): void;
  /** A peer has called and has shown that it hears us; null: it is not wanted. Itself null: nobody may call. */
  readonly arrived: ((connection: UtpConnection) => UtpUser | null) | null;
  /** A mistake of ours: the connection it is about is ended, and the others go on. */
  fault(error: unknown): void;
  /** Wants `settle` called when all that is here was received. */
  settleSoon(): void;
  /** Wants `tick` called at `at`, or a little later. */
  plan(at: number): void;
}

/** What a connection needs of those it is among. */
export interface ConnectionPort {
  send(packet: Bytes): void;
  /** Wants `settle` of the connection called. */
  touched(connection: UtpConnection): void;
  /** A peer that called has shown that it hears us. */
  established(connection: UtpConnection, now: Millis): UtpUser | null;
  /** It was closed, and stays until the peer has heard of it. */
  lingers(connection: UtpConnection, now: Millis): void;
  /** Its deadline may be earlier than it was. */
  planned(connection: UtpConnection): void;
  /** It is over. `small`: it may be that large packets do not get through. */
  ended(connection: UtpConnection, small: boolean): void;
}
