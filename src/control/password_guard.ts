/** Passwords (HTTP Basic, RFC 7617): compared in constant time, and not to be tried out. */
import { type Bytes, equalDigest, fromBinaryString, sha256, utf8 } from "../base/mod.ts";
import { type Caller, callerKey } from "./caller.ts";

/** Whom to let in. */
export interface Credentials {
  /** Without a colon. */
  readonly user: string;
  readonly password: string;
}

/** What became of an attempt; `locked`: not looked at, this caller was wrong too often. */
export type Verdict = "right" | "wrong" | "missing" | "locked";

/** Attempts that may be wrong in a row, and milliseconds until one of them is forgiven. */
const ATTEMPTS = 10;
const FORGIVEN_MS = 5_000;
/** Callers remembered. */
const MAX_CALLERS = 1_000;
/** Characters of the header's value; user and password together have three quarters of it. */
const MAX_HEADER = 4_096;

/** Wrong attempts of one caller that are not forgiven, as of a moment. */
interface Failures {
  readonly count: number;
  readonly at: number;
}

/** Judges the `Authorization` header. Ten wrong attempts, then one every five seconds from each caller. */
export class PasswordGuard {
  readonly #expected: Promise<Bytes>;
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();
  #last: Promise<unknown> = Promise.resolve();

  /** `now`: milliseconds of any clock that does not jump. */
  constructor({ user, password }: Credentials, now: () => number = () => performance.now()) {
    this.#expected = sha256(utf8(`${user}:${password}`));
    this.#now = now;
  }

  /** One after another: what came of those before it says whether an attempt is looked at. */
  async judge(header: string | null, caller: Caller): Promise<Verdict> {
    if (header === null) return "missing";
    const verdict = this.#last.then(() => this.#judge(header, callerKey(caller)));
    this.#last = verdict.catch(() => {});
    return await verdict;
  }

  async #judge(header: string, key: string): Promise<Verdict> {
    if (this.#countOf(key) >= ATTEMPTS) return "locked";
    // digests have the same length whatever was said, and tell nothing of what they are of
    if (equalDigest(await sha256(given(header)), await this.#expected)) return "right";
    this.#countOne(key);
    return "wrong";
  }

  /** Failures of a caller that are not forgiven yet. */
  #countOf(key: string): number {
    const failures = this.#failures.get(key);
    if (failures === undefined) return 0;
    const forgiven = Math.floor((this.#now() - failures.at) / FORGIVEN_MS);
    return Math.max(0, failures.count - forgiven);
  }

  #countOne(key: string): void {
    const before = this.#failures.get(key);
    const left = this.#countOf(key);
    // time that is not enough to forgive another is not lost
    const spent = before === undefined || left === 0 ? 0 : (this.#now() - before.at) % FORGIVEN_MS;
    this.#failures.delete(key);
    this.#failures.set(key, { count: left + 1, at: this.#now() - spent });
    if (this.#failures.size <= MAX_CALLERS) return;
    const oldest = this.#failures.keys().next().value;
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}

/** The bytes `user:password` that the header holds; something that is right for nobody when it holds none. */
function given(header: string): Bytes {
  const text = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(header)?.[1];
  if (text === undefined || text.length > MAX_HEADER) return new Uint8Array();
  try {
    return fromBinaryString(atob(text));
  } catch {
    return new Uint8Array();
  }
}
