import { type Endpoint, endpointScope, holderOf } from "../base/mod.ts";

/** Voters that count; the earliest is forgotten. */
const MOST_VOTERS = 24;
/** So many must say the same of us before a public address is believed. */
const MOST_CAREFUL = 4;

/** What our own address is, by what others see (BEP 42's `ip`). One voice an address; only a majority is believed. */
export class OwnAddress {
  readonly #votes = new Map<string, string>();
  #believed: string | null = null;

  /** Our address in canonical text, null while too few agree. */
  get host(): string | null {
    return this.#believed;
  }

  /** The gateway says that we are at `host`: believed while no majority says otherwise. True when our address is another now. */
  assume(host: string): boolean {
    if (this.#believed !== null || endpointScope({ host, port: 0 }) !== "public") return false;
    this.#believed = host;
    return true;
  }

  /** A node that answered us, at `voter`, saw us as `seen`. True when our address is another now. */
  vote(voter: Endpoint, seen: Endpoint): boolean {
    const isPublic = endpointScope(seen) === "public";
    // who is near sees the address of the local network, who is far must not name one
    if (!isPublic && endpointScope(voter) === "public") return false;
    const holder = holderOf(voter);
    this.#votes.delete(holder);
    this.#votes.set(holder, seen.host);
    if (this.#votes.size > MOST_VOTERS) this.#votes.delete(this.#votes.keys().next().value!);
    let same = 0;
    for (const host of this.#votes.values()) if (host === seen.host) same++;
    const enough = isPublic ? MOST_CAREFUL : 1;
    if (same < enough || same * 2 <= this.#votes.size || seen.host === this.#believed) return false;
    this.#believed = seen.host;
    return true;
  }
}
