import {
  type Endpoint,
  endpointScope,
  type FairPool,
  holderOf,
  type PoolMember,
  toHex,
} from "../base/mod.ts";
import type { Carrier } from "../net/mod.ts";
import { ReadLane } from "../swarm/mod.ts";
import { PeerConnection } from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";
import { runLink } from "./run_link.ts";
import type { Torrents } from "./torrents.ts";

/** Connections from one public address (IPv6: network of 64 bits); local ones are many peers' or a test's. */
const MOST_FROM_ONE = 8;

/** Where a connection comes from: its address, and whose that is. */
interface From {
  readonly host: string;
  readonly holder: string;
}

/** The connections that others made to us, from the first byte on. */
export class Incoming {
  readonly #context: SessionContext;
  readonly #torrents: Torrents;
  /** From where each is. */
  readonly #from = new Map<PeerConnection, From>();
  #closed = false;

  constructor(context: SessionContext, torrents: Torrents) {
    this.#context = context;
    this.#torrents = torrents;
  }

  /** Somebody came: takes it in, or closes it. Resolves when the connection is over; never rejects. */
  async take(carrier: Carrier, from: Endpoint): Promise<void> {
    const { handshakes, now, options, shares, policy, encryption } = this.#context;
    const { connections } = shares;
    const crowded = this.#crowded(from) || !connections.ample;
    const refused = crowded || policy.filtered(from.host) || this.#closed;
    if (refused) return carrier.close();
    let part: PoolMember | null = null;
    const lane = new ReadLane(shares.strangers);
    const connection = new PeerConnection(
      null,
      (theirs, connection) => {
        const torrent = this.#torrents.asked(toHex(theirs.infoHash));
        // nobody's connection so far, the torrent's from here on
        connections.others--;
        const accepted = torrent?.accept(theirs, connection, from) ?? null;
        if (torrent === undefined || accepted === null) {
          connections.others++;
          return null;
        }
        this.#context.arrivals.note(from);
        part = torrent.shares.connections;
        part.take(1);
        lane.home = torrent.shares.reads;
        return accepted;
      },
      now(),
      encryption.incoming(from),
    );
    handshakes.watch(connection, options.connectTimeout * 1000, now());
    const holder = holderOf(from);
    connections.others++;
    this.#from.set(connection, { host: from.host, holder });
    await runLink(carrier, connection, lane, this.#context);
    this.#from.delete(connection);
    giveBack(connections, part);
  }

  /** The filter changed: whom it keeps away now goes. */
  refilter(): void {
    const { policy } = this.#context;
    for (const [connection, { host }] of this.#from) {
      if (policy.filtered(host)) connection.close("The address filter keeps it away");
    }
  }

  /** Nobody is taken in from here on. */
  shut(): void {
    this.#closed = true;
  }

  /** Closes those that are left. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#from.keys()) connection.close("The session ends");
  }

  /** One stranger must not take the places of all. */
  #crowded(from: Endpoint): boolean {
    if (endpointScope(from) !== "public") return false;
    const holder = holderOf(from);
    let count = 0;
    for (const each of this.#from.values()) if (each.holder === holder) count++;
    return count >= MOST_FROM_ONE;
  }
}

/** A connection is over: whose it was, a torrent's or nobody's, has one less. */
function giveBack(connections: FairPool, part: PoolMember | null): void {
  if (part === null) connections.others--;
  else part.give(1);
}
