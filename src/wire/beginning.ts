import { type Bytes, type InfoHash, type Millis, ProtocolError } from "../base/mod.ts";
import type { FrameReader } from "./frame_reader.ts";
import { isProtocol, mayBeHandshake } from "./handshake.ts";
import type { Outbox } from "./outbox.ts";
import { type Cipher, type Opening, PLAIN, type Prelude } from "./prelude.ts";

/** What of a connection is encrypted: nothing, how it begins, or all of it. */
export type Secrecy = "none" | "handshake" | "all";

/** How one connection begins, up to the byte where the peer's handshake does. */
export class Beginning {
  /** Decrypts what the peer sends from now on; null: it is plain. */
  inward: Cipher | null = null;
  secrecy: Secrecy = "none";
  /** The torrent that a prelude was about; null: there was none. */
  infoHash: InfoHash | null = null;
  readonly #reader: FrameReader;
  readonly #out: Outbox;
  #opening: Opening;
  #prelude: Prelude | null = null;
  #over = false;
  /** We dialled, and nothing of what came made sense so far. */
  #unanswered = false;

  /** `handshake` is ours when we dialled: it goes out now, or in a prelude. */
  constructor(reader: FrameReader, out: Outbox, opening: Opening, handshake: Bytes | null) {
    this.#reader = reader;
    this.#out = out;
    this.#opening = opening;
    if (handshake === null) return;
    if (opening.prelude === null) {
      out.raw(handshake);
      this.#over = true;
    } else {
      this.#unanswered = true;
      this.#prelude = opening.prelude();
      const first = this.#prelude.begin(handshake);
      if (first !== null) out.raw(first);
    }
  }

  /** More has arrived: true once all that comes before the peer's handshake is over. Throws {@linkcode ProtocolError}. */
  next(now: Millis): boolean {
    if (this.#over) return true;
    this.#over = this.#prelude === null ? this.#recognise(now) : this.#proceed(this.#prelude, now);
    // closures that make a prelude are not kept for the life of a connection
    if (this.#over) this.#opening = PLAIN;
    return this.#over;
  }

  /** The first bytes of a stranger say how it begins. */
  #recognise(now: Millis): boolean {
    const { plain, prelude } = this.#opening;
    const waiting = this.#reader.peek();
    if (isProtocol(waiting)) {
      if (plain) return true;
      throw new ProtocolError("Expected an encrypted connection");
    }
    if (mayBeHandshake(waiting)) return false;
    if (prelude === null) throw new ProtocolError("Expected a BitTorrent handshake");
    this.#prelude = prelude();
    return this.#proceed(this.#prelude, now);
  }

  #proceed(prelude: Prelude, now: Millis): boolean {
    const waiting = this.#reader.peek();
    // who greets whoever comes need not be waited for until it has said as much as a key
    if (this.#unanswered && isProtocol(waiting)) {
      throw new ProtocolError("Expected an encrypted answer");
    }
    const { used, send, sealed } = prelude.receive(waiting, now);
    if (used > 0) this.#unanswered = false;
    this.#reader.skip(used);
    if (send !== null) this.#out.raw(send);
    if (sealed === null) return false;
    const { inward, outward, infoHash } = sealed;
    this.#prelude = null;
    this.inward = inward;
    this.infoHash = infoHash;
    if (outward !== null) this.#out.seal(outward);
    this.secrecy = outward === null ? "handshake" : "all";
    return true;
  }
}
