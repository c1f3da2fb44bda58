/** Names to addresses. */

/** Finds the addresses of a host name; a port of the address policy, so that tests need no name server. */
export interface Resolver {
  /** IPv4 addresses first, then IPv6, as text; empty when there are none or the search failed. Rejects only with `signal`'s reason. */
  resolve(name: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Addresses of one name that are used; more would only make a failing connection slower. */
const MAX_ADDRESSES = 8;

/** Asks the system's name servers (and its hosts file) for A and AAAA records. */
export class SystemResolver implements Resolver {
  readonly #timeout: number;

  /** `timeout`: milliseconds after which a name counts as not found. */
  constructor(timeout = 4_000) {
    this.#timeout = timeout;
  }

  async resolve(name: string, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted();
    const controller = new AbortController();
    const stop = () => controller.abort();
    const timer = setTimeout(stop, this.#timeout);
    signal.addEventListener("abort", stop);
    try {
      const found = await Promise.all(
        (["A", "AAAA"] as const).map((type) => records(name, type, controller.signal)),
      );
      signal.throwIfAborted();
      return found.flatMap((addresses) => addresses.slice(0, MAX_ADDRESSES));
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
    }
  }
}

async function records(name: string, type: "A" | "AAAA", signal: AbortSignal): Promise<string[]> {
  try {
    return await Deno.resolveDns(name, type, { signal });
  } catch {
    // no such record, no server, too late: to us all the same
    return [];
  }
}
