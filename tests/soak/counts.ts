/** What a process holds besides memory. */

/**
 * Files, sockets and pipes that this process has open; null where the system does not tell. Without what a thread polls
 * them by: of a thread that has ended Deno 2.8 may leave one such pair, until the next one ends.
 */
export function handles(): number | null {
  return Deno.build.os === "linux" ? kinds().length : null;
}

/** What they are and how many of each, for people. */
export function handlesByKind(): string {
  if (Deno.build.os !== "linux") return "not known";
  const counts = new Map<string, number>();
  for (const kind of kinds()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).toSorted().join(", ");
}

/** Of each handle its path, or `socket` and the like. */
function kinds(): string[] {
  const folder = "/proc/self/fd";
  return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
    try {
      const kind = Deno.readLinkSync(`${folder}/${name}`).replace(/:\[\d+\]$/, "");
      return kind.startsWith("anon_inode:") ? [] : [kind];
    } catch {
      // the one that lists them is gone
      return [];
    }
  });
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
