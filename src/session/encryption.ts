import {
  binaryString,
  type Endpoint,
  type InfoHash,
  type Millis,
  type Random,
} from "../base/mod.ts";
import {
  Called,
  type CalledParts,
  Caller,
  Method,
  type Opening,
  torrentMark,
} from "../wire/mod.ts";
import type { EncryptionPolicy } from "./encryption_policy.ts";
import { ExchangeLimit } from "./exchange_limit.ts";

/** How the connections of a session are encrypted. */
export class Encryption {
  readonly policy: EncryptionPolicy;
  readonly #random: Random;
  /** Our torrents by the name that a caller says. */
  readonly #torrents = new Map<string, InfoHash>();

  readonly #called: Omit<CalledParts, "mayCompute">;
  readonly #limit: ExchangeLimit;

  constructor(policy: EncryptionPolicy, random: Random, now: Millis) {
    this.policy = policy;
    this.#random = random;
    this.#limit = new ExchangeLimit(now);
    this.#called = {
      torrent: (mark) => this.#torrents.get(binaryString(mark)) ?? null,
      // plain costs nothing, and the exchange has hidden what a network looks for
      methods: policy === "require" ? [Method.Rc4] : [Method.Plain, Method.Rc4],
      random,
    };
  }

  /** How a stranger may begin. */
  incoming(from: Endpoint): Opening {
    const mayCompute = (now: Millis) => this.#limit.take(from, now);
    return {
      plain: this.policy !== "require",
      prelude: this.policy === "off" ? null : () => new Called({ ...this.#called, mayCompute }),
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
