/** What may come before a connection's handshake: an exchange that hides the rest from onlookers. */
import type { Bytes, InfoHash, Millis } from "../base/mod.ts";

/** Encrypts or decrypts one direction of a connection. */
export interface Cipher {
  /** The next bytes of the direction, changed in place. */
  apply(data: Bytes): void;
}

/** What a prelude came to. */
export interface Sealed {
  /** What the peer sends from here on is encrypted so; null: plain. */
  readonly inward: Cipher | null;
  /** So is what we send. */
  readonly outward: Cipher | null;
  /** The torrent that the prelude was about. */
  readonly infoHash: InfoHash;
}

/** One step of a prelude. */
export interface PreludeStep {
  /** Bytes, of those waiting, that it is through with. */
  readonly used: number;
  /** To be sent, as it is. */
  readonly send: Bytes | null;
  /** Not null: it is over; what waits behind the used bytes has been decrypted where it lies. */
  readonly sealed: Sealed | null;
}

/** An exchange that comes before the handshake. */
export interface Prelude {
  /** What is to be sent before anything came; `handshake` is ours, when we dialled. */
  begin(handshake: Bytes | null): Bytes | null;
  /**
   * More has arrived: `waiting` is all that it is not through with. Takes no more than a fixed number of bytes before it
   * is over. Throws {@linkcode ProtocolError} when the peer does something else.
   */
  receive(waiting: Bytes, now: Millis): PreludeStep;
}

/** How a connection may begin. */
export interface Opening {
  /** With the handshake itself. */
  readonly plain: boolean;
  /** With a prelude, which a connection that we dial then does; null: never. */
  readonly prelude: (() => Prelude) | null;
}

/** Without a prelude. */
export const PLAIN: Opening = { plain: true, prelude: null };
