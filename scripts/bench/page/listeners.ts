/**
 * Listens as so many pages do, without a browser that would take the machine. Resolves when all are open.
 *
 * Each is ended by its reader: the runtime forgets the signal of a request once its answer has come and garbage was
 * collected.
 */
export async function listen(place: string, pages: number): Promise<AsyncDisposable> {
  const readers = await Promise.all(Array.from({ length: pages }, async () => {
    const { ok, status, body } = await fetch(`${place}/web/events`);
    if (!ok || body === null) throw new Error(`Expected a stream of events, got ${status}`);
    return body.getReader();
  }));
  const reading = readers.map(async (reader) => {
    while (!(await reader.read()).done);
  });
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(readers.map((reader) => reader.cancel()));
      await Promise.all(reading);
    },
  };
}
