import {
  type Bytes,
  concat,
  type InfoHash,
  type Millis,
  ProtocolError,
  type Random,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../../base/mod.ts";
import type { Prelude, PreludeStep, Sealed } from "../prelude.ts";
import { padding } from "./caller.ts";
import { KEY_SIZE, KeyExchange } from "./key_exchange.ts";
import type { Rc4 } from "./rc4.ts";
import {
  calledCipher,
  callerCipher,
  find,
  HASH_SIZE,
  maskTorrent,
  Method,
  MOST_PADDING,
  syncMark,
  VC_SIZE,
} from "./secrets.ts";

/** Verification constant, `crypto_provide`, the length of the padding behind it. */
const OFFER_SIZE = VC_SIZE + 6;
/** The first words of the caller's own protocol that may come along: a handshake is 68 bytes. */
const MOST_FIRST_WORDS = 4096;

/** What the called must know. */
export interface CalledParts {
  /** The torrent of this {@linkcode torrentMark}, or null. */
  readonly torrent: (mark: Bytes) => InfoHash | null;
  /** The bits of {@linkcode Method} that it takes, in the order in which it likes them. */
  readonly methods: readonly number[];
  readonly random: Random;
  /** False: there is no time for one more exchange of keys. */
  readonly mayCompute: (now: Millis) => boolean;
}

type Stage =
  /** The caller's public key is awaited. */
  | { readonly name: "key" }
  /** The mark behind its padding; `searched`: up to there it is not. */
  | { readonly name: "sync"; readonly secret: Bytes; readonly mark: Bytes; searched: number }
  | { readonly name: "torrent"; readonly secret: Bytes }
  | ({ readonly name: "offer" } & Ciphers)
  | ({ readonly name: "padding"; readonly method: number; readonly length: number } & Ciphers)
  | ({ readonly name: "words"; readonly method: number; readonly length: number } & Ciphers);

interface Ciphers {
  readonly inward: Rc4;
  readonly outward: Rc4;
  readonly infoHash: InfoHash;
}

/**
 * The side of an encrypted handshake (MSE) that was dialled. Whoever gets anything wrong, or asks for a torrent that is
 * not here, hears nothing more than who sends noise.
 */
export class Called implements Prelude {
  readonly #parts: CalledParts;
  #stage: Stage = { name: "key" };

  constructor(parts: CalledParts) {
    this.#parts = parts;
  }

  /** The caller speaks first. */
  begin(): null {
    return null;
  }

  receive(waiting: Bytes, now: Millis): PreludeStep {
    let used = 0;
    let send: Bytes | null = null;
    for (;;) {
      const stage = this.#stage;
      const rest = waiting.subarray(used);
      switch (stage.name) {
        case "key":
          // nothing is computed for who has not sent all of it
          if (rest.length < KEY_SIZE) return { used, send, sealed: null };
          send = this.#answer(rest.subarray(0, KEY_SIZE), now);
          used += KEY_SIZE;
          break;
        case "sync": {
          const { mark, secret } = stage;
          const at = find(mark, rest.subarray(0, MOST_PADDING + HASH_SIZE), stage.searched);
          if (at < 0) {
            if (rest.length >= MOST_PADDING + HASH_SIZE) throw new ProtocolError(NOT_FOR_US);
            stage.searched = Math.max(0, rest.length - HASH_SIZE + 1);
            return { used, send, sealed: null };
          }
          used += at + HASH_SIZE;
          this.#stage = { name: "torrent", secret };
          break;
        }
        case "torrent":
          if (rest.length < HASH_SIZE) return { used, send, sealed: null };
          this.#find(rest.subarray(0, HASH_SIZE), stage.secret);
          used += HASH_SIZE;
          break;
        case "offer":
          if (rest.length < OFFER_SIZE) return { used, send, sealed: null };
          this.#choose(rest.slice(0, OFFER_SIZE), stage);
          used += OFFER_SIZE;
          break;
        case "padding": {
          const { length } = stage;
          if (rest.length < length + 2) return { used, send, sealed: null };
          const filler = rest.slice(0, length + 2);
          stage.inward.apply(filler);
          used += length + 2;
          const words = readUint16(filler, length);
          if (words > MOST_FIRST_WORDS) throw new ProtocolError(NOT_FOR_US);
          this.#stage = { ...stage, name: "words", length: words };
          break;
        }
        case "words": {
          if (rest.length < stage.length) return { used, send, sealed: null };
          const answer = this.#accept(stage);
          return {
            used,
            send: send === null ? answer : concat(send, answer),
            sealed: this.#seal(stage, rest),
          };
        }
      }
    }
  }

  /** The caller's public key is here: ours. */
  #answer(publicKey: Bytes, now: Millis): Bytes {
    const { mayCompute, random } = this.#parts;
    if (!mayCompute(now)) throw new ProtocolError("Too many encrypted connections at once");
    const keys = new KeyExchange(random);
    const secret = keys.secret(publicKey);
    if (secret === null) throw new ProtocolError("Expected a public key that keeps a secret");
    this.#stage = { name: "sync", secret, mark: syncMark(secret), searched: 0 };
    return concat(keys.publicKey, padding(random));
  }

  #find(masked: Bytes, secret: Bytes): void {
    const infoHash = this.#parts.torrent(maskTorrent(masked, secret));
    if (infoHash === null) throw new ProtocolError(NOT_FOR_US);
    const inward = callerCipher(secret, infoHash);
    const outward = calledCipher(secret, infoHash);
    this.#stage = { name: "offer", inward, outward, infoHash };
  }

  #choose(offer: Bytes, { inward, outward, infoHash }: Ciphers): void {
    inward.apply(offer);
    const offered = readUint32(offer, VC_SIZE);
    const length = readUint16(offer, VC_SIZE + 4);
    const method = this.#parts.methods.find((one) => (offered & one) !== 0);
    const verified = offer.subarray(0, VC_SIZE).every((byte) => byte === 0);
    if (!verified || method === undefined || length > MOST_PADDING) {
      throw new ProtocolError(NOT_FOR_US);
    }
    this.#stage = { name: "padding", method, length, inward, outward, infoHash };
  }

  /** All of the caller's is here: the choice. */
  #accept({ method, outward }: Stage & { name: "words" }): Bytes {
    const filler = padding(this.#parts.random);
    const choice = new Uint8Array(OFFER_SIZE);
    writeUint32(choice, VC_SIZE, method);
    writeUint16(choice, VC_SIZE + 4, filler.length);
    const answer = concat(choice, filler);
    outward.apply(answer);
    return answer;
  }

  /** The first words are encrypted whatever was chosen; what may have come behind them only by RC4. */
  #seal({ method, length, inward, outward, infoHash }: Stage & { name: "words" }, rest: Bytes) {
    const hidden = method === Method.Rc4;
    inward.apply(hidden ? rest : rest.subarray(0, length));
    const sealed: Sealed = {
      inward: hidden ? inward : null,
      outward: hidden ? outward : null,
      infoHash,
    };
    return sealed;
  }
}

/** One reason for all: who tries torrents or keys learns nothing from it. */
const NOT_FOR_US = "Expected an encrypted handshake for a torrent that is here";
