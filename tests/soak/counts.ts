/** What a process holds besides memory. */

/** File handles of this process, sockets included; null where the system does not tell. */
export function handles(): number | null {
  if (Deno.build.os !== "linux") return null;
  return [...Deno.readDirSync("/proc/self/fd")].length;
}

/** Counts the timers of everything that runs in this thread, from its construction to its disposal. */
export class TimerCount implements Disposable {
  readonly #running = new Set<unknown>();
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    clearTimeout: globalThis.clearTimeout,
    clearInterval: globalThis.clearInterval,
  };

  constructor() {
    const { setTimeout, setInterval, clearTimeout } = this.#real;
    globalThis.setTimeout = ((action: () => void, ms?: number) => {
      const id = setTimeout(() => {
        this.#running.delete(id);
        action();
      }, ms);
      this.#running.add(id);
      return id;
    }) as typeof globalThis.setTimeout;
    globalThis.setInterval = ((action: () => void, ms?: number) => {
      const id = setInterval(action, ms);
      this.#running.add(id);
      return id;
    }) as typeof globalThis.setInterval;
    globalThis.clearTimeout = globalThis.clearInterval = (id) => {
      this.#running.delete(id);
      clearTimeout(id);
    };
  }

  /** Timers set and neither fired nor cleared. */
  get size(): number {
    return this.#running.size;
  }

  [Symbol.dispose](): void {
    Object.assign(globalThis, this.#real);
  }
}
