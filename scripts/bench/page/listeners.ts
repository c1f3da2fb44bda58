/** Listens as so many pages do, without a browser that would take the machine. */
export function listen(place: string, pages: number): AsyncDisposable {
  const ending = new AbortController();
  const reading = Array.from({ length: pages }, async () => {
    try {
      const { body } = await fetch(`${place}/web/events`, { signal: ending.signal });
      if (body !== null) { for await (const _ of body); }
    } catch (error) {
      if (!ending.signal.aborted) throw error;
    }
  });
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await Promise.all(reading);
    },
  };
}
