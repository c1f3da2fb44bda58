/** Bytes that are not bencode. `offset` is where in the input the fault lies. */
export class BencodeError extends Error {
  override name = "BencodeError";
  constructor(readonly offset: number, message: string) {
    super(`${message} (at byte ${offset})`);
  }
}
