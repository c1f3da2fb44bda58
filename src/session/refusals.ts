import { type Endpoint, formatEndpoint } from "../base/mod.ts";
import type { Verdict } from "../net/mod.ts";

/** Addresses remembered; more would be a stranger's doing. */
const MOST = 2000;

/** Addresses that were named to us and may not be connected to, and what forbids them: for people who wonder where the peers are. */
export class Refusals {
  readonly #verdicts = new Map<string, Verdict>();

  /** Remembers a verdict; one that is allowed after all is forgotten. */
  note(endpoint: Endpoint, verdict: Verdict): void {
    const key = formatEndpoint(endpoint);
    if (verdict === "allowed") this.#verdicts.delete(key);
    else if (this.#verdicts.size < MOST) this.#verdicts.set(key, verdict);
  }

  /** How many addresses are refused for this reason. */
  count(verdict: Verdict): number {
    let count = 0;
    for (const each of this.#verdicts.values()) if (each === verdict) count++;
    return count;
  }
}
