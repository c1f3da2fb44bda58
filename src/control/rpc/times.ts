/** Seconds since 1970 of milliseconds; 0: never. */
export function seconds(at: number | null): number {
  return at === null ? 0 : Math.floor(at / 1000);
}
