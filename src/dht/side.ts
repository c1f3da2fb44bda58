import { type Endpoint, type Millis, parseAddress, type Random } from "../base/mod.ts";
import type { Family } from "./message.ts";
import { type NodeId, randomId } from "./node_id.ts";
import { OwnAddress } from "./own_address.ts";
import { RoutingTable } from "./routing_table.ts";
import { isSecureId, secureId } from "./secure_id.ts";

/** Between two changes of our id, however often others see us elsewhere. */
const STEADY_MS = 10 * 60_000;

/** What a node is in one address family: its id, its table and its address (BEP 32, BEP 42). */
export class Side {
  readonly address: OwnAddress = new OwnAddress();
  readonly #random: Random;
  #id: NodeId;
  #table: RoutingTable;
  #changedAt = -Infinity;

  constructor(readonly family: Family, random: Random, now: Millis) {
    this.#random = random;
    this.#id = randomId(random);
    this.#table = new RoutingTable(this.#id, random, now);
  }

  /** Our id; it changes when our address turns out to be one that it does not follow from. */
  get id(): NodeId {
    return this.#id;
  }

  /** The nodes we know. */
  get table(): RoutingTable {
    return this.#table;
  }

  /** A node saw us as `seen`; true when we have a new id, with all nodes in its table that fit. */
  seenAs(voter: Endpoint, seen: Endpoint, now: Millis): boolean {
    return this.address.vote(voter, seen) && this.#move(now);
  }

  /** The gateway says that our address is `host`; true as above. */
  isAt(host: string, now: Millis): boolean {
    return this.address.assume(host) && this.#move(now);
  }

  #move(now: Millis): boolean {
    const host = this.address.host;
    const bytes = host === null ? null : parseAddress(host);
    if (bytes === null || isSecureId(this.#id, bytes)) return false;
    if (now - this.#changedAt < STEADY_MS) return false;
    this.#changedAt = now;
    const nodes = this.#table.good(now);
    this.#id = secureId(bytes, this.#random);
    this.#table = new RoutingTable(this.#id, this.#random, now);
    for (const node of nodes) this.#table.heard(node, now);
    return true;
  }
}
