import { type Millis, millis } from "../../src/base/mod.ts";

interface Event {
  readonly at: number;
  /** Events of one moment happen in the order they were planned. */
  readonly order: number;
  readonly action: () => void;
}

/** Virtual time: it moves only from one planned event to the next. */
export class Clock {
  #now = 1_000;
  #order = 0;
  /** A binary heap, the earliest event first. */
  readonly #events: Event[] = [];

  get now(): Millis {
    return millis(this.#now);
  }

  /** Events that are planned. */
  get planned(): number {
    return this.#events.length;
  }

  /** Plans `action` in `delay` milliseconds, fractions included. */
  in(delay: number, action: () => void): void {
    this.at(this.#now + Math.max(0, delay), action);
  }

  /** Plans `action` for the moment `at`. */
  at(at: number, action: () => void): void {
    const event = { at: Math.max(at, this.#now), order: this.#order++, action };
    const events = this.#events;
    let slot = events.push(event) - 1;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      if (!earlier(event, events[parent]!)) break;
      events[slot] = events[parent]!;
      slot = parent;
    }
    events[slot] = event;
  }

  /** Plans `action` again and again, until the function returned is called. */
  every(interval: number, action: () => void): () => void {
    let on = true;
    const plan = () =>
      this.in(interval, () => {
        if (!on) return;
        action();
        plan();
      });
    plan();
    return () => on = false;
  }

  /** Lets time pass until `done`, at most `seconds`; true when it was done. */
  run(seconds: number, done: () => boolean = () => false): boolean {
    const end = this.#now + seconds * 1_000;
    while (!done()) {
      const next = this.#events[0];
      if (next === undefined || next.at > end) {
        this.#now = end;
        return done();
      }
      this.#drop();
      this.#now = next.at;
      next.action();
    }
    return true;
  }

  /** Takes the earliest event out. */
  #drop(): void {
    const events = this.#events;
    const last = events.pop()!;
    if (events.length === 0) return;
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && earlier(events[child + 1]!, events[child]!)) child++;
      if (!earlier(events[child]!, last)) break;
      events[slot] = events[child]!;
      slot = child;
    }
    events[slot] = last;
  }
}

function earlier(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
