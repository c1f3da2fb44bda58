/** Of a pool, what may only be taken by those that have less than their part. */
const KEPT = 0.2;

/**
 * Places or bytes that several share. As long as there is plenty everybody takes what it has use for; the last fifth
 * is for those that have less than an equal part of all, so that whoever comes late finds something.
 */
export class FairPool {
  /** Held by nobody who shares. */
  others = 0;
  readonly #members = new Set<PoolMember>();
  #held = 0;

  constructor(public most: number) {}

  /** Held by all together. */
  get held(): number {
    return this.#held + this.others;
  }

  /** True while anybody may take one. */
  get ample(): boolean {
    return this.held < this.most * (1 - KEPT);
  }

  /** An equal part of all. */
  get part(): number {
    return this.most / Math.max(1, this.#members.size);
  }

  /** One more that shares. */
  member(): PoolMember {
    const member = new PoolMember(this, (delta) => this.#held += delta, () => {
      this.#members.delete(member);
    });
    this.#members.add(member);
    return member;
  }

  /** True when all is taken and somebody who has less than its part waits. */
  get short(): boolean {
    if (this.held < this.most) return false;
    for (const member of this.#members) if (member.waiting && member.held < this.part) return true;
    return false;
  }
}

/** One of those that share a {@linkcode FairPool}. */
export class PoolMember {
  /** It has use for more than it may take. */
  waiting = false;
  readonly #pool: FairPool;
  readonly #changed: (delta: number) => void;
  readonly #left: () => void;
  #held = 0;
  #gone = false;

  /** Made by {@linkcode FairPool.member}. */
  constructor(pool: FairPool, changed: (delta: number) => void, left: () => void) {
    this.#pool = pool;
    this.#changed = changed;
    this.#left = left;
  }

  /** What it has. */
  get held(): number {
    return this.#held;
  }

  /** True when nobody else shares. */
  get alone(): boolean {
    return this.#pool.part === this.#pool.most;
  }

  /** True when it should give something up: it has more than its part, and somebody waits for its own. */
  get owes(): boolean {
    return this.#held > this.#pool.part && this.#pool.short;
  }

  /** How many it should give up because all together have more than there are, as after a cut; its part it may keep. */
  get excess(): number {
    const { held, most, part } = this.#pool;
    return held > most ? Math.ceil(Math.max(0, Math.min(this.#held - part, held - most))) : 0;
  }

  /** True when `count` more may be taken. */
  mayTake(count: number): boolean {
    const { held, most, part } = this.#pool;
    if (held + count > most) return false;
    if (held + count <= most * (1 - KEPT)) return true;
    return this.#held + count <= Math.max(count, part);
  }

  /** Takes `count`, whether it may or not. */
  take(count: number): void {
    if (this.#gone) return;
    this.#held += count;
    this.#changed(count);
  }

  /** Gives `count` back. */
  give(count: number): void {
    this.take(-count);
  }

  /** It shares no more, and gives everything back. */
  leave(): void {
    this.take(-this.#held);
    this.#gone = true;
    this.waiting = false;
    this.#left();
  }
}
