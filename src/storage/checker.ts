import { Bitfield, type Bytes } from "../base/mod.ts";
import { Breather } from "./breather.ts";
import { DiskError } from "./disk_error.ts";
import { hashLarge } from "./hash_large.ts";
import { HoleDigests, PieceHasher, type Slice } from "./piece_hasher.ts";
import { PieceVerifier } from "./piece_verifier.ts";
import type { CheckProgress, FileState } from "./store.ts";
import type { TorrentFiles } from "./torrent_files.ts";

/** Pieces above this are hashed as they are read: two of 512 MiB would not fit the memory budget. */
const LARGE = 16 * 1024 * 1024;
const CHUNK = 4 * 1024 * 1024;
/** Progress is told when either has gone by. */
const REPORT_MS = 100;
const REPORT_BYTES = 64 * 1024 * 1024;

/** Hashes pieces that are on disk, on all cores, while reads and writes go on in between. */
export class Checker {
  readonly #files: TorrentFiles;
  readonly #pieces: Bitfield;
  readonly #report: CheckProgress;
  readonly #breather = new Breather();
  readonly #good: Bitfield;
  readonly #verifier: PieceVerifier;
  #states: readonly FileState[] = [];
  #checked = 0;
  #reported = { bytes: 0, at: performance.now() };
  #news: { good: number[]; bad: number[] } = { good: [], bad: [] };

  /** `pieces`: those to hash. */
  constructor(files: TorrentFiles, pieces: Bitfield, report: CheckProgress) {
    this.#files = files;
    this.#pieces = pieces;
    this.#report = report;
    this.#good = new Bitfield(pieces.size);
    this.#verifier = new PieceVerifier(files.layout, new HoleDigests());
  }

  /**
   * Resolves with the good ones. Missing data and sectors that cannot be read are bad; throws
   * `DiskError` for a file that must not be opened, and the signal's reason.
   */
  async run(signal: AbortSignal): Promise<Bitfield> {
    this.#states = this.#files.inspect().files;
    const { pieceLength } = this.#files.layout.geometry;
    if (pieceLength > LARGE) await this.#runLarge(signal);
    else {
      const settle = (piece: number, good: boolean) => this.#settle(piece, good);
      await this.#runBatches(new PieceHasher(pieceLength, this.#verifier, settle), signal);
    }
    signal.throwIfAborted();
    this.#flush();
    return this.#good;
  }

  async #runBatches(hasher: PieceHasher, signal: AbortSignal): Promise<void> {
    let run: number[] = [];
    try {
      for (const piece of this.#pieces) {
        signal.throwIfAborted();
        if (!this.#isThere(piece)) {
          this.#settle(piece, false);
          await this.#breather.pause();
          continue;
        }
        const last = run[run.length - 1];
        if (run.length === hasher.batch || (last !== undefined && last + 1 !== piece)) {
          await this.#submit(hasher, run);
          run = [];
        }
        run.push(piece);
      }
      if (run.length > 0) await this.#submit(hasher, run);
    } finally {
      await hasher.drain();
    }
  }

  /** Reads consecutive pieces with one call a file, or one by one when not all of it can be read. */
  async #submit(hasher: PieceHasher, pieces: readonly number[]): Promise<void> {
    await this.#breather.pause();
    const { geometry } = this.#files.layout;
    const buffer = await hasher.take();
    const start = geometry.pieceOffset(pieces[0]!);
    const slices: Slice[] = pieces.map((piece) => ({
      piece,
      at: geometry.pieceOffset(piece) - start,
      length: geometry.pieceSize(piece),
    }));
    const last = slices[slices.length - 1]!;
    try {
      if (this.#tryRead(start, buffer.subarray(0, last.at + last.length))) {
        hasher.submit(buffer, slices);
        return;
      }
      const readable = slices.filter(({ piece, at, length }) => {
        const there = this.#tryRead(start + at, buffer.subarray(at, at + length));
        if (!there) this.#settle(piece, false);
        return there;
      });
      hasher.submit(buffer, readable);
    } catch (error) {
      hasher.giveBack(buffer);
      throw error;
    }
  }

  async #runLarge(signal: AbortSignal): Promise<void> {
    const { geometry, merkle } = this.#files.layout;
    const chunk = new Uint8Array(CHUNK);
    for (const piece of this.#pieces) {
      const size = geometry.pieceSize(piece);
      const hash = hashLarge(this.#verifier, piece, merkle?.sizes[piece] ?? size);
      const there = this.#isThere(piece);
      let at = 0;
      while (there && at < size) {
        signal.throwIfAborted();
        const part = chunk.subarray(0, Math.min(CHUNK, size - at));
        if (!this.#tryRead(geometry.pieceOffset(piece) + at, part)) break;
        hash.update(part);
        at += part.length;
        await this.#breather.pause();
      }
      this.#settle(piece, at === size && hash.isGood());
    }
  }

  /** False when a file of the piece is missing or too short, known without opening it. */
  #isThere(piece: number): boolean {
    const { geometry } = this.#files.layout;
    return this.#files.spans(geometry.pieceOffset(piece), geometry.pieceSize(piece)).every((span) =>
      this.#files.layout.files[span.file]!.pad ||
      this.#states[span.file]!.size >= span.fileOffset + span.length
    );
  }

  #tryRead(offset: number, into: Bytes): boolean {
    try {
      this.#files.read(offset, into);
      return true;
    } catch (error) {
      if (error instanceof DiskError && (error.reason === "missing" || error.code === "EIO")) {
        return false;
      }
      throw error;
    }
  }

  #settle(piece: number, good: boolean): void {
    if (good) this.#good.add(piece);
    (good ? this.#news.good : this.#news.bad).push(piece);
    this.#checked += this.#files.layout.geometry.pieceSize(piece);
    const { bytes, at } = this.#reported;
    if (this.#checked - bytes >= REPORT_BYTES || performance.now() - at >= REPORT_MS) this.#flush();
  }

  #flush(): void {
    this.#reported = { bytes: this.#checked, at: performance.now() };
    const { good, bad } = this.#news;
    if (good.length + bad.length === 0) return;
    this.#news = { good: [], bad: [] };
    this.#report(this.#checked, good, bad);
  }
}
