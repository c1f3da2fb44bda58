import {
  type Bytes,
  concat,
  type InfoHash,
  ProtocolError,
  type Random,
  randomBytes,
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../../base/mod.ts";
import type { Prelude, PreludeStep } from "../prelude.ts";
import { KEY_SIZE, KeyExchange } from "./key_exchange.ts";
import type { Rc4 } from "./rc4.ts";
import {
  calledCipher,
  callerCipher,
  find,
  maskTorrent,
  Method,
  MOST_PADDING,
  syncMark,
  torrentMark,
  VC_SIZE,
} from "./secrets.ts";

/** `crypto_select` and the length of the padding behind it. */
const CHOICE_SIZE = 6;

type Stage =
  | { readonly name: "begin" }
  /** The called's public key is awaited. */
  | { readonly name: "key"; readonly handshake: Bytes }
  /** Its verification constant, somewhere behind its padding; `searched`: up to there it is not. */
  | {
    readonly name: "sync";
    readonly mark: Bytes;
    readonly inward: Rc4;
    readonly outward: Rc4;
    searched: number;
  }
  | { readonly name: "choice"; readonly inward: Rc4; readonly outward: Rc4 }
  | {
    readonly name: "padding";
    readonly inward: Rc4;
    readonly outward: Rc4;
    readonly method: number;
    readonly length: number;
  };

/** The side of an encrypted handshake (MSE) that dialled. */
export class Caller implements Prelude {
  readonly #infoHash: InfoHash;
  readonly #methods: number;
  readonly #random: Random;
  readonly #keys: KeyExchange;
  #stage: Stage = { name: "begin" };

  /** `methods`: the bits of {@linkcode Method} that are offered for what follows. */
  constructor(infoHash: InfoHash, methods: number, random: Random) {
    this.#infoHash = infoHash;
    this.#methods = methods;
    this.#random = random;
    this.#keys = new KeyExchange(random);
  }

  /** Our public key; `handshake` goes out, encrypted, as soon as the called has answered. */
  begin(handshake: Bytes | null): Bytes {
    this.#stage = { name: "key", handshake: handshake ?? new Uint8Array(0) };
    return concat(this.#keys.publicKey, padding(this.#random));
  }

  receive(waiting: Bytes): PreludeStep {
    let used = 0;
    let send: Bytes | null = null;
    for (;;) {
      const stage = this.#stage;
      const rest = waiting.subarray(used);
      switch (stage.name) {
        case "begin":
          throw new Error("Expected a handshake that has begun");
        case "key":
          if (rest.length < KEY_SIZE) return { used, send, sealed: null };
          send = this.#answer(rest.subarray(0, KEY_SIZE), stage.handshake);
          used += KEY_SIZE;
          break;
        case "sync": {
          const { mark, inward, outward } = stage;
          const at = find(mark, rest.subarray(0, MOST_PADDING + VC_SIZE), stage.searched);
          if (at < 0) {
            if (rest.length >= MOST_PADDING + VC_SIZE) throw new ProtocolError(NO_ANSWER);
            stage.searched = Math.max(0, rest.length - VC_SIZE + 1);
            return { used, send, sealed: null };
          }
          used += at + VC_SIZE;
          this.#stage = { name: "choice", inward, outward };
          break;
        }
        case "choice": {
          if (rest.length < CHOICE_SIZE) return { used, send, sealed: null };
          const { inward, outward } = stage;
          const choice = rest.slice(0, CHOICE_SIZE);
          inward.apply(choice);
          used += CHOICE_SIZE;
          const method = readUint32(choice, 0);
          const length = readUint16(choice, 4);
          this.#expectChoice(method, length);
          this.#stage = { name: "padding", inward, outward, method, length };
          break;
        }
        case "padding": {
          const { inward, outward, method, length } = stage;
          if (rest.length < length) return { used, send, sealed: null };
          inward.apply(rest.subarray(0, length));
          used += length;
          const infoHash = this.#infoHash;
          if (method === Method.Plain) {
            return { used, send, sealed: { inward: null, outward: null, infoHash } };
          }
          inward.apply(rest.subarray(length));
          return { used, send, sealed: { inward, outward, infoHash } };
        }
      }
    }
  }

  /** The called's public key is here: what we say next. */
  #answer(publicKey: Bytes, handshake: Bytes): Bytes {
    const secret = this.#keys.secret(publicKey);
    if (secret === null) throw new ProtocolError("Expected a public key that keeps a secret");
    const outward = callerCipher(secret, this.#infoHash);
    const inward = calledCipher(secret, this.#infoHash);
    // eight zeros encrypted are the keystream itself
    const mark = new Uint8Array(VC_SIZE);
    inward.apply(mark);
    this.#stage = { name: "sync", mark, inward, outward, searched: 0 };
    const filler = padding(this.#random);
    const offer = new Uint8Array(VC_SIZE + CHOICE_SIZE);
    writeUint32(offer, VC_SIZE, this.#methods);
    writeUint16(offer, VC_SIZE + 4, filler.length);
    const length = new Uint8Array(2);
    writeUint16(length, 0, handshake.length);
    const hidden = concat(offer, filler, length, handshake);
    outward.apply(hidden);
    return concat(syncMark(secret), maskTorrent(torrentMark(this.#infoHash), secret), hidden);
  }

  #expectChoice(method: number, length: number): void {
    const known = method === Method.Plain || method === Method.Rc4;
    if (!known || (method & this.#methods) === 0) {
      throw new ProtocolError("Expected the choice of an encryption that was offered");
    }
    if (length > MOST_PADDING) {
      throw new ProtocolError("Expected no more than 512 bytes of padding");
    }
  }
}

const NO_ANSWER = "Expected an answer to the encrypted handshake";

/** So many random bytes that nobody knows the handshake by its length. */
export function padding(random: Random): Bytes {
  return randomBytes(random.below(MOST_PADDING + 1), random);
}
