import {
  binaryString,
  type Bytes,
  type Endpoint,
  formatEndpoint,
  type Millis,
  type Random,
  randomBytes,
} from "../base/mod.ts";
import type { AnswerMessage } from "./message.ts";
import { UsualWait } from "./usual_wait.ts";

/** A question without an answer for so long failed. */
const LOST_MS = 5_000;
/** Questions without an answer at a time. */
const MOST_OPEN = 256;
/** Unguessable for who does not see our packets. */
const ID_LENGTH = 4;

/** Who waits for an answer. One of `answered` and `failed` is called, once; `slow` at most once and before them. */
export interface Asker {
  /** The answer, from where the question went. */
  answered(message: AnswerMessage, now: Millis): void;
  /** It takes longer than usual; an answer may still come. */
  slow(now: Millis): void;
  /** No answer came in time, or a refusal. */
  failed(now: Millis, why: "lost" | "refused"): void;
}

/** Who does not wait. */
export const NOBODY: Asker = { answered() {}, slow() {}, failed() {} };

interface Open {
  readonly to: string;
  readonly asker: Asker;
  readonly sentAt: Millis;
  readonly slowAt: number;
  slow: boolean;
}

/** The questions on their way. An answer counts only from where the question went, with the id it had. */
export class Transactions {
  readonly #random: Random;
  /** By transaction id; in the order they were asked, so in that in which they are lost. */
  readonly #open = new Map<string, Open>();
  readonly #awaited = new Map<string, number>();
  readonly #wait = new UsualWait();
  #heardAt = -Infinity;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Questions without an answer. */
  get size(): number {
    return this.#open.size;
  }

  /** True when one more may be asked. */
  get room(): boolean {
    return this.#open.size < MOST_OPEN;
  }

  /** True when an answer from there is awaited. */
  awaits(from: Endpoint): boolean {
    return this.#awaited.has(formatEndpoint(from));
  }

  /** Notes a question; its transaction id. */
  open(to: Endpoint, asker: Asker, now: Millis): Bytes {
    let id = randomBytes(ID_LENGTH, this.#random);
    while (this.#open.has(binaryString(id))) id = randomBytes(ID_LENGTH, this.#random);
    const key = formatEndpoint(to);
    this.#open.set(binaryString(id), {
      to: key,
      asker,
      sentAt: now,
      slowAt: now + this.#wait.ms,
      slow: false,
    });
    this.#awaited.set(key, (this.#awaited.get(key) ?? 0) + 1);
    return id;
  }

  /** An answer came; false when nobody asked. */
  answered(message: AnswerMessage, from: Endpoint, now: Millis): boolean {
    const open = this.#take(message.transaction, from);
    if (open === null) return false;
    this.#heardAt = now;
    this.#wait.took(now - open.sentAt);
    open.asker.answered(message, now);
    return true;
  }

  /** A refusal came; false when nobody asked. */
  refused(transaction: Bytes, from: Endpoint, now: Millis): boolean {
    const open = this.#take(transaction, from);
    if (open === null) return false;
    this.#heardAt = now;
    open.asker.failed(now, "refused");
    return true;
  }

  /** Gives up what was lost. */
  tick(now: Millis): void {
    for (const [id, open] of this.#open) {
      if (!open.slow && now >= open.slowAt) {
        open.slow = true;
        open.asker.slow(now);
      }
      if (now < open.sentAt + LOST_MS) continue;
      this.#drop(id, open);
      open.asker.failed(now, "lost");
    }
  }

  /** When {@linkcode tick} has something to do; Infinity: never. */
  nextDeadline(): number {
    let next = Infinity;
    for (const open of this.#open.values()) {
      next = Math.min(next, open.slow ? open.sentAt + LOST_MS : open.slowAt);
    }
    return next;
  }

  /** True when anybody answered after `at`: else it is our own network that fails. */
  heardAfter(at: number): boolean {
    return this.#heardAt > at;
  }

  #take(transaction: Bytes, from: Endpoint): Open | null {
    const id = binaryString(transaction);
    const open = this.#open.get(id);
    if (open === undefined || open.to !== formatEndpoint(from)) return null;
    this.#drop(id, open);
    return open;
  }

  #drop(id: string, { to }: Open): void {
    this.#open.delete(id);
    const left = this.#awaited.get(to)! - 1;
    if (left === 0) this.#awaited.delete(to);
    else this.#awaited.set(to, left);
  }
}
