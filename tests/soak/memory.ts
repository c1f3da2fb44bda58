/** What the heap and the system hold once everything that can go is gone. */

/** Bytes of live objects and array buffers of this thread, after as many collections as it takes. */
export async function liveBytes(): Promise<number> {
  let last = Infinity;
  for (;;) {
    await collect();
    const { heapUsed, external } = Deno.memoryUsage();
    const live = heapUsed + external;
    if (live > last - 64 * 1024) return Math.min(live, last);
    last = live;
  }
}

/** How many of `objects` are still reachable. */
export async function survivors(objects: readonly WeakRef<object>[]): Promise<number> {
  await collect();
  return objects.filter((it) => it.deref() !== undefined).length;
}

async function collect(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) {
    throw new Error("Expected --v8-flags=--expose-gc, as deno task soak has it");
  }
  // a weak reference holds its object until the turn is over
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
  await new Promise((resolve) => setTimeout(resolve, 0));
  gc();
}
