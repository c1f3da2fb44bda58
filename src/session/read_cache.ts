import type { Bytes, PieceIndex } from "../base/mod.ts";

/** Bytes read from the disk at a time, so that 64 requests cost one trip to the disk worker. */
const CHUNK = 1024 * 1024;
/** Memory of the cache; every reader of the same piece within it costs one read. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Reads under way at once, those looked ahead for included; who waits for one is never refused. */
const MOST_LOADING = 16;

/** What the cache needs of the disk. */
export interface ChunkSource {
  pieceSize(piece: number): number;
  read(piece: number, offset: number, length: number, into?: ArrayBuffer): Promise<Bytes>;
  /** Data of a piece is here. */
  readable(piece: PieceIndex): void;
  /** It will not come. */
  readFailed(piece: PieceIndex, error: unknown): void;
}

/** Parts of pieces on their way from the disk to peers, the least recently used let go first. */
export class ReadCache {
  readonly #chunks = new Map<string, Bytes>();
  readonly #loading = new Set<string>();
  #bytes = 0;

  constructor(readonly source: ChunkSource) {}

  /** `length` bytes of a piece as a view valid until the next call; null while they are fetched. */
  get(piece: PieceIndex, begin: number, length: number): Bytes | null {
    return this.#get(piece, begin, length, Infinity);
  }

  /** The same bytes will be asked for soon: fetches them unless much is being fetched. */
  expect(piece: PieceIndex, begin: number, length: number): void {
    this.#get(piece, begin, length, MOST_LOADING);
  }

  #get(piece: PieceIndex, begin: number, length: number, mostLoading: number): Bytes | null {
    const start = Math.floor(begin / CHUNK) * CHUNK;
    const size = Math.min(CHUNK, this.source.pieceSize(piece) - start);
    // a request across two chunks, which no usual client makes, is read on its own
    if (begin + length > start + size) return this.#lookUp(piece, begin, length, mostLoading);
    const chunk = this.#lookUp(piece, start, size, mostLoading);
    return chunk?.subarray(begin - start, begin - start + length) ?? null;
  }

  #lookUp(piece: PieceIndex, start: number, size: number, mostLoading: number): Bytes | null {
    const key = `${piece}:${start}:${size}`;
    const chunk = this.#chunks.get(key);
    if (chunk !== undefined) {
      this.#chunks.delete(key);
      this.#chunks.set(key, chunk);
      return chunk;
    }
    if (!this.#loading.has(key) && this.#loading.size < mostLoading) {
      this.#load(key, piece, start, size);
    }
    return null;
  }

  async #load(key: string, piece: PieceIndex, start: number, size: number): Promise<void> {
    this.#loading.add(key);
    try {
      const chunk = await this.source.read(piece, start, size, this.#reclaim(size));
      this.#chunks.set(key, chunk);
      this.#bytes += chunk.length;
      this.#loading.delete(key);
      this.source.readable(piece);
    } catch (error) {
      this.#loading.delete(key);
      this.source.readFailed(piece, error);
    }
  }

  /** Makes room for `size` bytes; memory let go serves the next read. */
  #reclaim(size: number): ArrayBuffer | undefined {
    let spare: ArrayBuffer | undefined;
    for (const [key, chunk] of this.#chunks) {
      if (this.#bytes + size <= MOST_BYTES) break;
      this.#chunks.delete(key);
      this.#bytes -= chunk.length;
      if (chunk.buffer.byteLength >= size) spare = chunk.buffer;
    }
    return spare;
  }
}
