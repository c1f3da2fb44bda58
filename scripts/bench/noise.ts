/** Writes `size` bytes that do not repeat (Marsaglia's xorshift), 1 MiB at a time. */
export async function writeNoise(path: string, size: number): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const words = new Uint32Array(262_144);
  const bytes = new Uint8Array(words.buffer);
  let x = 2_463_534_242;
  for (let at = 0; at < size; at += bytes.length) {
    for (let i = 0; i < words.length; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      words[i] = x;
    }
    const part = bytes.subarray(0, Math.min(bytes.length, size - at));
    for (let done = 0; done < part.length;) done += await file.write(part.subarray(done));
  }
}
