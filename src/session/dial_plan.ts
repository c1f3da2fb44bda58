/** How an address is dialled: over what, and what is said first. */
import { type Endpoint, formatEndpoint } from "../base/mod.ts";
import type { Transport } from "../net/mod.ts";
import type { DialFault } from "./dial_faults.ts";
import type { EncryptionPolicy } from "./encryption_policy.ts";

/** One way to try. */
export interface Attempt {
  readonly transport: Transport;
  /** It begins with an encrypted handshake. */
  readonly encrypted: boolean;
  /** The other beginning was tried before, over the same transport. */
  readonly changed: boolean;
}

/** What a peer does that does not understand how we begin; one that refuses us may do the same. */
const MISUNDERSTOOD: ReadonlySet<DialFault> = new Set(["hung-up", "nonsense", "no-handshake"]);
/** Addresses remembered. */
const MOST_REMEMBERED = 2000;

/** The ways to try at an address, one after another until one works. */
export class DialPlan {
  readonly #policy: EncryptionPolicy;
  /** Addresses whose peers took only the plain handshake. */
  readonly #plain = new Set<string>();

  constructor(policy: EncryptionPolicy) {
    this.#policy = policy;
  }

  /** How to begin at `endpoint`, which may be anybody's. */
  first(endpoint: Endpoint): Attempt {
    const encrypted = this.#policy === "require" ||
      (this.#policy === "prefer" && !this.#plain.has(formatEndpoint(endpoint)));
    return { transport: "tcp", encrypted, changed: false };
  }

  /** How to go on after `attempt` ended in `fault`; null: there is no other way. */
  next(_endpoint: Endpoint, attempt: Attempt, fault: DialFault): Attempt | null {
    const either = this.#policy === "prefer" || this.#policy === "tolerate";
    if (!either || attempt.changed || !MISUNDERSTOOD.has(fault)) return null;
    return { ...attempt, encrypted: !attempt.encrypted, changed: true };
  }

  /** The peer took us in by `attempt`. */
  works(endpoint: Endpoint, { encrypted }: Attempt): void {
    if (this.#policy !== "prefer") return;
    const key = formatEndpoint(endpoint);
    this.#plain.delete(key);
    if (encrypted) return;
    if (this.#plain.size >= MOST_REMEMBERED) {
      this.#plain.delete(this.#plain.values().next().value!);
    }
    this.#plain.add(key);
  }
}
