import { type Endpoint, equalBytes, type Millis } from "../base/mod.ts";
import type { Contact } from "./message.ts";
import { networkOf } from "./neighbourhood.ts";
import type { NodeId } from "./node_id.ts";

/** Nodes of a bucket (BEP 5), which is also how many nodes an answer names. */
export const BUCKET_SIZE = 8;
/** A node that was silent for so long is questionable (BEP 5). */
export const QUESTIONABLE_MS = 15 * 60_000;
/** Questions in a row without an answer that make a node bad (BEP 5: several). */
const MOST_FAILURES = 2;
/** After so many a node goes, whether there is another for its place or not. */
const GONE_FAILURES = 5;

/** A node that has answered us at least once. */
export class TableNode implements Contact {
  /** Questions it did not answer since its last answer. */
  failures = 0;
  /** The 24 or 48 bits it has in common with its neighbours, null off the public internet. */
  readonly network: string | null;

  constructor(readonly id: NodeId, readonly endpoint: Endpoint, public heardAt: Millis) {
    this.network = networkOf(endpoint);
  }

  /** It does not answer any more. */
  get bad(): boolean {
    return this.failures >= MOST_FAILURES;
  }

  /** It was heard of late. */
  good(now: Millis): boolean {
    return this.failures === 0 && now - this.heardAt < QUESTIONABLE_MS;
  }
}

/** Up to eight nodes of one distance, and those that would take the place of a bad one. */
export class Bucket {
  /** The one heard last is the last. */
  nodes: TableNode[] = [];
  /** Nodes that answered and found no room, the latest last. */
  spare: TableNode[] = [];

  /** `changedAt`: when a node came or answered last; a bucket that is quiet is refreshed. */
  constructor(public changedAt: Millis) {}

  /** True when a node takes a place; false when it may only wait for one. Its network must not be in it twice. */
  add(node: TableNode, now: Millis): boolean {
    if (node.network !== null && this.nodes.some(({ network }) => network === node.network)) {
      return false;
    }
    if (this.nodes.length >= BUCKET_SIZE) {
      const worst = this.nodes.reduce((a, b) => b.failures > a.failures ? b : a);
      if (!worst.bad) {
        this.#keep(node);
        return false;
      }
      this.nodes.splice(this.nodes.indexOf(worst), 1);
    }
    this.nodes.push(node);
    this.changedAt = now;
    return true;
  }

  /** It answered. */
  heard(node: TableNode, now: Millis): void {
    node.heardAt = now;
    node.failures = 0;
    this.changedAt = now;
    this.nodes.splice(this.nodes.indexOf(node), 1);
    this.nodes.push(node);
  }

  /** It did not answer. The nodes that took a place and gave one up because of it. */
  failed(
    node: TableNode,
    now: Millis,
  ): { readonly gone: TableNode | null; readonly came: TableNode | null } {
    node.failures++;
    const came = node.bad ? this.#promote(node) : null;
    if (came === null && node.failures < GONE_FAILURES) return { gone: null, came };
    this.remove(node);
    if (came !== null) this.add(came, now);
    return { gone: node, came };
  }

  /** Takes a node out. */
  remove(node: TableNode): void {
    const at = this.nodes.indexOf(node);
    if (at >= 0) this.nodes.splice(at, 1);
  }

  /** The latest spare node that may take the place of `leaving`. */
  #promote(leaving: TableNode): TableNode | null {
    for (let at = this.spare.length - 1; at >= 0; at--) {
      const spare = this.spare[at]!;
      const taken = spare.network !== null &&
        this.nodes.some((node) => node !== leaving && node.network === spare.network);
      if (!taken) return this.spare.splice(at, 1)[0]!;
    }
    return null;
  }

  #keep(node: TableNode): void {
    this.spare = this.spare.filter(({ id }) => !equalBytes(id, node.id));
    this.spare.push(node);
    if (this.spare.length > BUCKET_SIZE) this.spare.shift();
  }
}
