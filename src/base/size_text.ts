/** Units of sizes, each 1024 of the one before. */
export const SIZE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** `0 B`, `512 B`, `1.0 KiB`, `256.0 MiB`: a number of bytes in three or four figures. */
export function formatSize(bytes: number, space = " "): string {
  const power = sizePower(bytes);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)}${space}${SIZE_UNITS[power]}`;
}

/** Which of the units makes the figure that is shown less than 1024, also after rounding to a tenth. */
export function sizePower(bytes: number): number {
  let power = 0;
  while (
    power < SIZE_UNITS.length - 1 && bytes / 1024 ** power >= (power === 0 ? 1024 : 1023.95)
  ) power++;
  return power;
}
