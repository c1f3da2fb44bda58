/** Bytes that are not bencode. `offset` is where in the input the fault lies. */
export class BencodeError extends Error {
  override name = "BencodeError";
  /** `fault`: what is wrong, without the place. */
  constructor(readonly offset: number, readonly fault: string) {
    super(`${fault} (at byte ${offset})`);
  }
}
