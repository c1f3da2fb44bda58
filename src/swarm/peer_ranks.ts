import type { Endpoint } from "../base/mod.ts";
import { OwnAddress } from "../dht/mod.ts";
import { peerPriority } from "./peer_priority.ts";

/** Ranks peers by how much a connection with them is worth keeping (BEP 40), once peers have told us our own address. */
export class PeerRanks {
  /** Counts changes of our addresses: a rank of an earlier version is worth nothing. */
  version = 0;
  readonly #port: number;
  readonly #v4 = new OwnAddress();
  readonly #v6 = new OwnAddress();

  /** `port`: where we take connections, 0 for nowhere. */
  constructor(port: number) {
    this.#port = port;
  }

  /** A peer at `voter` sees us at `host`; a majority is believed. */
  told(voter: Endpoint, host: string): void {
    const own = host.includes(":") ? this.#v6 : this.#v4;
    if (own.vote(voter, { host, port: this.#port })) this.version++;
  }

  /** The gateway says that we are at `host`; a majority of peers knows better. */
  isAt(host: string): void {
    const own = host.includes(":") ? this.#v6 : this.#v4;
    if (own.assume(host)) this.version++;
  }

  /** The rank of a peer, the higher the better; null while our address is not known. */
  of(peer: Endpoint): number | null {
    const { host } = peer.host.includes(":") ? this.#v6 : this.#v4;
    return host === null ? null : peerPriority({ host, port: this.#port }, peer);
  }
}
