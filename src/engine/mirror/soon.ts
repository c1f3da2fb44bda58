/** Milliseconds that an answer waits for a busy engine where there is one at hand that is a little older. */
const PATIENCE_MS = 8;

/** Resolves once `work` is done or has taken its time; rejects when it fails meanwhile. */
export async function soon(work: Promise<unknown>, clock: MirrorClock): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = clock.after(PATIENCE_MS, () => late.resolve());
  try {
    await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}

/** Time, which never goes back. */
export interface MirrorClock {
  /** Milliseconds. */
  now(): number;
  /** Calls back after `ms`; the result cancels that. */
  after(ms: number, callback: () => void): () => void;
}
