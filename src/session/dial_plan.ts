/** How an address is dialled: over what, and what is said first. */
import type { Endpoint } from "../base/mod.ts";
import type { Transport } from "../net/mod.ts";
import type { DialFault } from "./dial_faults.ts";

/** One way to try. */
export interface Attempt {
  readonly transport: Transport;
}

/** The ways to try at an address, one after another until one works. */
export class DialPlan {
  /** How to begin at `endpoint`, which may be anybody's. */
  first(_endpoint: Endpoint): Attempt {
    return { transport: "tcp" };
  }

  /** How to go on after `attempt` ended in `fault`; null: there is no other way. */
  next(_endpoint: Endpoint, _attempt: Attempt, _fault: DialFault): Attempt | null {
    return null;
  }

  /** The peer took us in by `attempt`. */
  works(_endpoint: Endpoint, _attempt: Attempt): void {}
}
