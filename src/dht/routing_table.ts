import {
  type Endpoint,
  equalBytes,
  formatEndpoint,
  holderOf,
  type Millis,
  type Random,
} from "../base/mod.ts";
import { Bucket, BUCKET_SIZE, QUESTIONABLE_MS, TableNode } from "./bucket.ts";
import type { Contact } from "./message.ts";
import { compareDistance, idAtDistance, type NodeId, sharedBits } from "./node_id.ts";

/** Buckets there can be: two ids that share more bits are the same. */
const MOST_BUCKETS = 160;

/**
 * The nodes of one address family that we know (BEP 5): many near us, few far away. Only nodes that answered a question
 * of ours get in. On the public internet there is one node of an address, and one of a network in a bucket, so that
 * who has many ids does not have many places.
 */
export class RoutingTable {
  readonly #own: NodeId;
  readonly #random: Random;
  /** The one at index i holds nodes that share i bits with us; the last one those that share more, too. */
  readonly #buckets: Bucket[];
  readonly #byEndpoint = new Map<string, TableNode>();
  /** Addresses that have a node in the table. */
  readonly #holders = new Map<string, TableNode>();

  constructor(own: NodeId, random: Random, now: Millis) {
    this.#own = own;
    this.#random = random;
    this.#buckets = [new Bucket(now)];
  }

  /** Nodes in places, spare ones not counted. */
  get size(): number {
    return this.#byEndpoint.size;
  }

  /** Nodes heard of late. */
  good(now: Millis): TableNode[] {
    return this.#all().filter((node) => node.good(now));
  }

  /** True when this node has a place. */
  has(endpoint: Endpoint): boolean {
    return this.#byEndpoint.has(formatEndpoint(endpoint));
  }

  /** A node answered us. False when it has no place: it is us, its address has another, or there is no room. */
  heard({ id, endpoint }: Contact, now: Millis): boolean {
    if (equalBytes(id, this.#own)) return false;
    const known = this.#byEndpoint.get(formatEndpoint(endpoint));
    if (known !== undefined) {
      if (equalBytes(known.id, id)) {
        this.#bucketOf(id).heard(known, now);
        return true;
      }
      // it began anew under another id
      this.#remove(known);
    }
    if (!this.#yields(this.#holders.get(holderOf(endpoint)))) return false;
    if (!this.#yields(this.#withId(id))) return false;
    return this.#add(new TableNode(id, endpoint, now), now);
  }

  /** A node did not answer. */
  failed(endpoint: Endpoint, now: Millis): void {
    const node = this.#byEndpoint.get(formatEndpoint(endpoint));
    if (node === undefined) return;
    const { gone, came } = this.#bucketOf(node.id).failed(node, now);
    if (gone !== null) this.#forget(gone);
    if (came === null) return;
    // while it waited its address may have got a place elsewhere
    if (this.#holders.has(holderOf(came.endpoint))) this.#bucketOf(came.id).remove(came);
    else this.#note(came);
  }

  /** The nodes nearest to `target`, at most `count`, those that do not answer left out. */
  closest(target: Uint8Array, count: number): TableNode[] {
    return this.#all()
      .filter((node) => !node.bad)
      .sort((a, b) => compareDistance(target, a.id, b.id))
      .slice(0, count);
  }

  /** True when a node of this id that is not in the table might get a place. */
  wants(id: NodeId, endpoint: Endpoint): boolean {
    if (this.#holders.has(holderOf(endpoint)) || equalBytes(id, this.#own)) return false;
    const bucket = this.#bucketOf(id);
    return bucket.nodes.length < BUCKET_SIZE || this.#splits(bucket) ||
      bucket.nodes.some((node) => node.bad) || bucket.spare.length < BUCKET_SIZE;
  }

  /** The node that was silent longest, if it is questionable or failed a question: to be asked again. */
  questionable(now: Millis): TableNode | null {
    let oldest: TableNode | null = null;
    for (const node of this.#all()) {
      const due = node.failures > 0 || now - node.heardAt >= QUESTIONABLE_MS;
      if (due && (oldest === null || node.heardAt < oldest.heardAt)) oldest = node;
    }
    return oldest;
  }

  /** An id to look up so that a bucket in which nothing happened for 15 minutes gets news; null: none needs it. */
  refresh(now: Millis): NodeId | null {
    for (const [bits, bucket] of this.#buckets.entries()) {
      if (now - bucket.changedAt < QUESTIONABLE_MS) continue;
      bucket.changedAt = now;
      return idAtDistance(this.#own, Math.min(bits, MOST_BUCKETS - 1), this.#random);
    }
    return null;
  }

  *#nodes(): Generator<TableNode> {
    for (const bucket of this.#buckets) yield* bucket.nodes;
  }

  #all(): TableNode[] {
    return [...this.#nodes()];
  }

  #add(node: TableNode, now: Millis): boolean {
    let bucket = this.#bucketOf(node.id);
    while (bucket.nodes.length >= BUCKET_SIZE && this.#splits(bucket)) {
      this.#split(bucket, now);
      bucket = this.#bucketOf(node.id);
    }
    const before = bucket.nodes.slice();
    if (!bucket.add(node, now)) return false;
    for (const other of before) if (!bucket.nodes.includes(other)) this.#forget(other);
    this.#note(node);
    return true;
  }

  #splits(bucket: Bucket): boolean {
    return bucket === this.#buckets.at(-1) && this.#buckets.length < MOST_BUCKETS;
  }

  /** The last bucket keeps those of its own distance, the rest goes to a new one. */
  #split(bucket: Bucket, now: Millis): void {
    const bits = this.#buckets.length - 1;
    const next = new Bucket(now);
    const stays = (node: TableNode) => sharedBits(this.#own, node.id) === bits;
    next.nodes = bucket.nodes.filter((node) => !stays(node));
    next.spare = bucket.spare.filter((node) => !stays(node));
    bucket.nodes = bucket.nodes.filter(stays);
    bucket.spare = bucket.spare.filter(stays);
    this.#buckets.push(next);
  }

  #bucketOf(id: NodeId): Bucket {
    const bits = sharedBits(this.#own, id);
    return this.#buckets[Math.min(bits, this.#buckets.length - 1)]!;
  }

  #withId(id: NodeId): TableNode | undefined {
    return this.#bucketOf(id).nodes.find((node) => equalBytes(node.id, id));
  }

  /** True when `node`, in the way of another, is none or does not answer and goes. */
  #yields(node: TableNode | undefined): boolean {
    if (node === undefined) return true;
    if (node.failures === 0) return false;
    this.#remove(node);
    return true;
  }

  #remove(node: TableNode): void {
    this.#bucketOf(node.id).remove(node);
    this.#forget(node);
  }

  #note(node: TableNode): void {
    this.#byEndpoint.set(formatEndpoint(node.endpoint), node);
    this.#holders.set(holderOf(node.endpoint), node);
  }

  #forget(node: TableNode): void {
    this.#byEndpoint.delete(formatEndpoint(node.endpoint));
    this.#holders.delete(holderOf(node.endpoint));
  }
}
