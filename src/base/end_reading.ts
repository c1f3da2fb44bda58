/**
 * Has `reader` end when `signal` is aborted; the result lets go of the signal again. A read that waits resolves as at the
 * end of the body then, so whoever reads looks at the signal.
 *
 * The runtime does not do so for long: once the answer to a request has come, only a weak reference leads from the signal
 * that was given to `fetch` to the body, and the next collection of garbage takes it away (Deno 2.6.10, 2.8.3). A server
 * that falls silent amid its answer would hold us for ever.
 */
export function endReading(
  reader: Pick<ReadableStreamDefaultReader, "cancel">,
  signal: AbortSignal,
): () => void {
  // it is over, or broken, which its reader hears anyway
  const end = () => void reader.cancel(signal.reason).catch(() => {});
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return () => signal.removeEventListener("abort", end);
}
