const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A number of bytes for people: `1.5 GiB`. */
export function formatSize(bytes: number): string {
  let unit = 0;
  let value = Math.max(0, bytes);
  for (; value >= 1024 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
