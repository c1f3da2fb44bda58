import { binaryString, type InfoHash, type Millis, type Random, TokenBucket } from "../base/mod.ts";
import { Called, Caller, Method, type Opening, torrentMark } from "../wire/mod.ts";
import type { EncryptionPolicy } from "./encryption_policy.ts";

/**
 * Exchanges of keys a second with strangers, and at once. Each takes a fifth of a millisecond of our thread, and costs
 * its stranger nothing: more would be work that a flood gives us.
 */
const EXCHANGES_A_SECOND = 200;
const EXCHANGES_AT_ONCE = 100;

/** How the connections of a session are encrypted. */
export class Encryption {
  readonly policy: EncryptionPolicy;
  /** How a stranger may begin. */
  readonly incoming: Opening;
  readonly #random: Random;
  /** Our torrents by the name that a caller says. */
  readonly #torrents = new Map<string, InfoHash>();

  constructor(policy: EncryptionPolicy, random: Random, now: Millis) {
    this.policy = policy;
    this.#random = random;
    const exchanges = new TokenBucket(EXCHANGES_A_SECOND, now, EXCHANGES_AT_ONCE);
    const parts = {
      torrent: (mark: Uint8Array) => this.#torrents.get(binaryString(mark)) ?? null,
      // plain costs nothing, and the exchange has hidden what a network looks for
      methods: policy === "require" ? [Method.Rc4] : [Method.Plain, Method.Rc4],
      random,
      mayCompute: (now: Millis) => {
        if (exchanges.available(now) < 1) return false;
        exchanges.take(1);
        return true;
      },
    };
    this.incoming = {
      plain: policy !== "require",
      prelude: policy === "off" ? null : () => new Called(parts),
    };
  }

  /** What trackers are told. */
  get announced(): { readonly encryption?: "supported" | "required" } {
    if (this.policy === "off") return {};
    return { encryption: this.policy === "require" ? "required" : "supported" };
  }

  /** How an encrypted connection to a peer of this torrent begins. */
  outgoing(infoHash: InfoHash): Opening {
    const methods = this.policy === "require" ? Method.Rc4 : Method.Rc4 | Method.Plain;
    return { plain: false, prelude: () => new Caller(infoHash, methods, this.#random) };
  }

  /** Callers may ask for this torrent. */
  add(infoHash: InfoHash): void {
    if (this.policy === "off") return;
    this.#torrents.set(binaryString(torrentMark(infoHash)), infoHash);
  }

  /** The torrent is here no longer. */
  remove(infoHash: InfoHash): void {
    if (this.policy === "off") return;
    this.#torrents.delete(binaryString(torrentMark(infoHash)));
  }
}
