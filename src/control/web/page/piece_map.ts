/** The pieces of a torrent, as many as there are, in as many cells as there is room for. */

/** The part of each cell's pieces that is here, 0 to 1. `bits`: the first piece in the highest bit; at most `cells`. */
export function pieceShares(bits: Uint8Array, pieces: number, cells: number): number[] {
  const count = Math.min(cells, pieces);
  const shares: number[] = [];
  for (let cell = 0; cell < count; cell++) {
    const from = Math.floor(cell * pieces / count);
    const to = Math.floor((cell + 1) * pieces / count);
    let have = 0;
    for (let piece = from; piece < to; piece++) {
      have += ((bits[piece >> 3] ?? 0) >> (7 - (piece & 7))) & 1;
    }
    shares.push(have / (to - from));
  }
  return shares;
}

/** The bytes of base64. */
export function bitsOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
