/** Logins of the web page: who gave the password once is known by a token from then on. */
import { randomBytes, sha256, SystemRandom, toHex, utf8 } from "../base/mod.ts";

/** Bytes of a token; nobody guesses it, so it is no attempt at the password to be wrong about one. */
const TOKEN_BYTES = 32;
/** Logins at a time; of more the one that was not used for longest ends. */
const MAX_LOGINS = 64;
/** One ends that was not used for so long, and any after so long. */
const IDLE_MS = 7 * 86_400_000;
const AGE_MS = 30 * 86_400_000;

interface Login {
  readonly since: number;
  readonly used: number;
}

/**
 * Kept in memory, so that the end of the manager is the end of them, and by digest, so that finding one takes the same
 * time whatever was sent. A token goes in the header `Authorization: Bearer`, which unlike a cookie no browser sends by
 * itself: no page of another site, or of another program on this machine, can use it.
 */
export class Logins {
  readonly #now: () => number;
  readonly #random = new SystemRandom();
  /** By the digest of their tokens, the one used last at the end. */
  readonly #logins = new Map<string, Login>();

  /** `now`: milliseconds of any clock that does not jump. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A new login's token, in hexadecimal. */
  async open(): Promise<string> {
    const token = toHex(randomBytes(TOKEN_BYTES, this.#random));
    const now = this.#now();
    this.#logins.set(await keyOf(token), { since: now, used: now });
    if (this.#logins.size > MAX_LOGINS) this.#dropOldest();
    return token;
  }

  /** Whether an `Authorization` header has the token of a login; it counts as used then. */
  async know(header: string | null): Promise<boolean> {
    const token = tokenOf(header);
    return token !== null && this.#use(await keyOf(token));
  }

  /**
   * Tells at any time later whether the login of a header still holds, and counts as its use: for answers that go on and
   * on. Without a token it is no login that lets the caller in, and nothing ends.
   */
  async holder(header: string | null): Promise<() => boolean> {
    const token = tokenOf(header);
    if (token === null) return () => true;
    const key = await keyOf(token);
    return () => this.#use(key);
  }

  /** Ends the login of a header; of any other nothing. */
  async close(header: string | null): Promise<void> {
    const token = tokenOf(header);
    if (token !== null) this.#logins.delete(await keyOf(token));
  }

  #use(key: string): boolean {
    const login = this.#logins.get(key);
    if (login === undefined) return false;
    this.#logins.delete(key);
    const now = this.#now();
    if (now - login.used > IDLE_MS || now - login.since > AGE_MS) return false;
    this.#logins.set(key, { since: login.since, used: now });
    return true;
  }

  #dropOldest(): void {
    const oldest = this.#logins.keys().next().value;
    if (oldest !== undefined) this.#logins.delete(oldest);
  }
}

/** The token in a header, right or not; null: there is none. */
export function tokenOf(header: string | null): string | null {
  return /^Bearer +([0-9a-f]{1,128})$/i.exec(header ?? "")?.[1] ?? null;
}

async function keyOf(token: string): Promise<string> {
  return toHex(await sha256(utf8(token.toLowerCase())));
}
