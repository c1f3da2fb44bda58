import { Bitfield, type Bytes, equalDigest, sha1 } from "../../src/base/mod.ts";
import { FileMap } from "../../src/metainfo/mod.ts";
import {
  type Arranged,
  type Arrangement,
  type CheckProgress,
  DiskError,
  type Inspection,
  type OpenOptions,
  type Space,
  type TorrentLayout,
  type TorrentStore,
} from "../../src/storage/mod.ts";

/** A store without a disk, for tests of what stands above it. */
export class MemoryStore implements TorrentStore {
  /** What "is on disk", by file number; tests may put anything here first. */
  readonly contents = new Map<number, Bytes>();
  /** What lies apart. */
  readonly parts = new Map<number, Bytes>();
  readonly #map: FileMap;
  #wanted: readonly boolean[];
  #apart: readonly boolean[];
  #met = new Set<number>();
  #closed = false;

  constructor(readonly layout: TorrentLayout, readonly options: OpenOptions) {
    this.#map = new FileMap(layout.files);
    this.#wanted = layout.files.map((file) => file.wanted !== false);
    this.#apart = layout.files.map((file) => file.apart === true);
  }

  async write(piece: number, buffer: Bytes): Promise<Bytes> {
    const { byteOffset, length } = buffer;
    const bytes = new Uint8Array(buffer.buffer.transfer(), byteOffset, length);
    try {
      await this.#turn();
      const { geometry } = this.layout;
      if (geometry.piece(piece) === null || length !== geometry.pieceSize(piece)) {
        throw this.#error("other", 0, `Expected a whole piece, got ${length} bytes of ${piece}`);
      }
      if (this.options.preallocate) {
        this.layout.files.forEach((_, i) => void (this.#wanted[i] && this.#grown(i)));
      }
      for (const span of this.#map.spans(geometry.pieceOffset(piece), length)) {
        if (this.layout.files[span.file]!.pad) continue;
        this.#grown(span.file).set(
          bytes.subarray(span.at, span.at + span.length),
          span.fileOffset,
        );
      }
      return bytes;
    } catch (error) {
      if (error instanceof DiskError) error.buffer = bytes;
      throw error;
    }
  }

  async read(piece: number, offset: number, length: number, into?: ArrayBuffer): Promise<Bytes> {
    await this.#turn();
    const { geometry } = this.layout;
    if (geometry.piece(piece) === null || offset + length > geometry.pieceSize(piece)) {
      throw this.#error("other", 0, `Expected bytes of a piece, got ${offset} + ${length}`);
    }
    const memory = into !== undefined && into.byteLength >= length
      ? into.transfer()
      : new ArrayBuffer(length);
    const out = new Uint8Array(memory, 0, length);
    for (const span of this.#map.spans(geometry.pieceOffset(piece) + offset, length)) {
      const part = out.subarray(span.at, span.at + span.length);
      part.fill(0);
      if (this.layout.files[span.file]!.pad) continue;
      const held = this.#shelf(span.file).get(span.file);
      if (held === undefined || held.length < span.fileOffset + span.length) {
        throw this.#error("missing", span.file, "Not there");
      }
      part.set(held.subarray(span.fileOffset, span.fileOffset + span.length));
    }
    return out;
  }

  async check(
    pieces: "all" | Bitfield,
    onProgress: CheckProgress = () => {},
    signal?: AbortSignal,
  ): Promise<Bitfield> {
    const { geometry, pieceHashes } = this.layout;
    const good = new Bitfield(geometry.pieceCount);
    let checked = 0;
    for (let piece = 0; piece < geometry.pieceCount; piece++) {
      signal?.throwIfAborted();
      if (pieces !== "all" && !pieces.has(piece)) continue;
      const size = geometry.pieceSize(piece);
      const bytes = await this.read(piece, 0, size).catch((error) => {
        if (error instanceof DiskError && error.reason === "missing") return null;
        throw error;
      });
      const expected = pieceHashes.subarray(20 * piece, 20 * piece + 20);
      const fine = bytes !== null && equalDigest(await sha1(bytes), expected);
      if (fine) good.add(piece);
      checked += size;
      onProgress(checked, fine ? [piece] : [], fine ? [] : [piece]);
    }
    return good;
  }

  sync(): Promise<void> {
    return this.#turn();
  }

  async arrange({ wanted, apart: lying, look }: Arrangement): Promise<Arranged> {
    await this.#turn();
    const apart = [...lying];
    const met: number[] = [];
    const moved: number[] = [];
    this.layout.files.forEach((file, i) => {
      const there = this.contents.get(i);
      if (file.pad) return;
      if (!wanted[i]) apart[i] ||= there === undefined;
      else if (!this.#apart[i] && !this.parts.has(i)) return;
      else if (there !== undefined && there.length > 0) met.push(i);
      else moved.push(i);
    });
    if (look) return { apart, met };
    for (const i of moved) {
      const part = this.parts.get(i);
      if (part !== undefined) this.contents.set(i, part);
      this.parts.delete(i);
    }
    this.#wanted = wanted;
    this.#apart = apart;
    this.#met = new Set(met);
    return { apart, met };
  }

  async tidy(): Promise<void> {
    await this.#turn();
    for (const i of this.parts.keys()) if (!this.#apart[i]) this.parts.delete(i);
    this.#met.clear();
  }

  async finish(): Promise<void> {
    await this.#turn();
    this.layout.files.forEach((file, i) => {
      if (file.pad || !this.#wanted[i]) return;
      const held = this.contents.get(i);
      if (held?.length === file.length) return;
      if (file.length === 0 || (held !== undefined && held.length > file.length)) this.#grown(i);
      else throw this.#error("missing", i, "Not whole");
    });
  }

  async inspect(): Promise<Inspection> {
    await this.#turn();
    return {
      files: this.layout.files.map((_, i) => {
        const held = this.#shelf(i).get(i);
        return {
          exists: held !== undefined,
          size: held?.length ?? 0,
          mtimeMs: held === undefined ? null : 0,
        };
      }),
    };
  }

  async conflicts(good: Bitfield, known: Bitfield): Promise<string[]> {
    await this.#turn();
    const { files, geometry } = this.layout;
    const out: string[] = [];
    for (const [i, held] of this.contents) {
      if (!this.#wanted[i]) continue;
      const file = files[i]!;
      const touching = Array.from({ length: geometry.pieceCount }, (_, piece) => piece).filter(
        (piece) => this.#spansOf(piece).some((span) => span.file === i),
      );
      const inside = touching.filter((piece) =>
        this.#spansOf(piece).every((span) => span.file === i || files[span.file]!.pad)
      );
      const ours = held.length <= file.length && (
        (!this.#met.has(i) && touching.some((piece) => known.has(piece))) || inside.some((piece) =>
          good.has(piece)
        ) ||
        (inside.length === 0 && held.length === file.length) || held.every((byte) => byte === 0)
      );
      if (!ours) out.push(file.path.join("/"));
    }
    return out;
  }

  async space(): Promise<Space> {
    await this.#turn();
    let needed = 0;
    this.layout.files.forEach((file, i) => {
      if (!file.pad && this.#wanted[i]) {
        needed += Math.max(0, file.length - (this.contents.get(i)?.length ?? 0));
      }
    });
    return { needed, free: null };
  }

  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  #spansOf(piece: number) {
    const { geometry } = this.layout;
    return this.#map.spans(geometry.pieceOffset(piece), geometry.pieceSize(piece));
  }

  /** A file at its full length, grown with zeros or cut when that is allowed. */
  #grown(index: number): Bytes {
    const { length, pad } = this.layout.files[index]!;
    const held = this.#shelf(index).get(index) ?? new Uint8Array(0);
    if (pad) return held;
    if (held.length > length && !this.options.overwrite) {
      throw this.#error("exists", index, `Expected at most ${length} bytes, found ${held.length}`);
    }
    const out = held.length === length ? held : new Uint8Array(length);
    if (out !== held) out.set(held.subarray(0, length));
    this.#shelf(index).set(index, out);
    return out;
  }

  /** Where a file lies. */
  #shelf(index: number): Map<number, Bytes> {
    return this.#apart[index] ? this.parts : this.contents;
  }

  async #turn(): Promise<void> {
    await Promise.resolve();
    if (this.#closed) throw this.#error("other", 0, "Storage is closed");
  }

  #error(reason: "other" | "missing" | "exists", file: number, message: string): DiskError {
    return new DiskError(reason, this.layout.files[file]!.path.join("/"), message);
  }
}
