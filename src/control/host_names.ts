/** Which `Host` a request may have: a page whose name was pointed at us (DNS rebinding) has one of its own. */
import { parseAddress } from "../base/mod.ts";

/**
 * Host names and addresses under which this server is meant. An address always is: what a page was loaded from by its
 * address is no other machine. `localhost` is, and what the user names besides, with or without a port.
 */
export class HostNames {
  readonly #names: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#names = new Set(["localhost", ...names.map((name) => bare(name) ?? name)]);
  }

  /** Whether a `Host` header means us; none does not. */
  means(host: string | null): boolean {
    const name = host === null ? null : bare(host);
    return name !== null && (this.#names.has(name) || parseAddress(name) !== null);
  }
}

/** A host in lower case without brackets, port and closing dot; null when it is none. */
function bare(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]]+?)\.?)(?::\d{1,5})?$/i.exec(host);
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null;
}
