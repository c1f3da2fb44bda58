import {
  type Bytes,
  concat,
  equalDigest,
  type InfoHash,
  type Millis,
  type Random,
  randomBytes,
  shortSha1,
} from "../base/mod.ts";

/** A secret serves so long, and its tokens are taken so long again (BEP 5). */
const SECRET_MS = 5 * 60_000;
const TOKEN_LENGTH = 8;
const SECRET_LENGTH = 16;

/**
 * What an announce must show: that it comes from an address that asked for this info hash a moment ago. Nothing is
 * kept of those that asked.
 */
export class Tokens {
  readonly #random: Random;
  #secret: Bytes;
  #previous: Bytes;
  #since: Millis;

  constructor(random: Random, now: Millis) {
    this.#random = random;
    this.#secret = randomBytes(SECRET_LENGTH, random);
    this.#previous = randomBytes(SECRET_LENGTH, random);
    this.#since = now;
  }

  /** The token for who asks from `address` (4 or 16 bytes). */
  give(address: Uint8Array, infoHash: InfoHash, now: Millis): Bytes {
    this.#rotate(now);
    return token(this.#secret, address, infoHash);
  }

  /** True for a token given to this address for this info hash within the last five to ten minutes. */
  check(given: Uint8Array, address: Uint8Array, infoHash: InfoHash, now: Millis): boolean {
    this.#rotate(now);
    return [this.#secret, this.#previous].some((secret) =>
      equalDigest(given, token(secret, address, infoHash))
    );
  }

  #rotate(now: Millis): void {
    const passed = now - this.#since;
    if (passed < SECRET_MS) return;
    this.#previous = passed < 2 * SECRET_MS
      ? this.#secret
      : randomBytes(SECRET_LENGTH, this.#random);
    this.#secret = randomBytes(SECRET_LENGTH, this.#random);
    this.#since = now;
  }
}

function token(secret: Bytes, address: Uint8Array, infoHash: InfoHash): Bytes {
  return shortSha1(concat(secret, address, infoHash)).slice(0, TOKEN_LENGTH);
}
