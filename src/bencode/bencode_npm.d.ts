/** What of `npm:bencode` is used: its encoder. Its decoder is lenient and never sees a stranger's bytes. */
declare const bencode: { encode(data: unknown): Uint8Array<ArrayBuffer> };
export default bencode;
