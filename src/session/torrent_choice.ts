import type { Bitfield, PieceIndex } from "../base/mod.ts";
import {
  chooseFiles,
  endsFirst,
  type FileChoice,
  type FilePriority,
  type Geometry,
  type Metainfo,
  piecesOf,
} from "../metainfo/mod.ts";
import type { FileProgress } from "./api.ts";

/** Which files of a torrent are wanted, and how much of them is here. */
export class TorrentChoice {
  readonly #metainfo: Metainfo;
  readonly #geometry: Geometry;
  #choice: FileChoice;
  #firstLast: boolean;
  /** Bytes that are here and wanted, and that are here besides. */
  #done = 0;
  #rest = 0;

  /** `priorities` of all files; `firstLast`: what is at their ends goes before everything. */
  constructor(
    metainfo: Metainfo,
    geometry: Geometry,
    priorities: readonly FilePriority[],
    firstLast: boolean,
  ) {
    this.#metainfo = metainfo;
    this.#geometry = geometry;
    this.#choice = chooseFiles(metainfo.files, geometry, priorities);
    this.#firstLast = firstLast;
  }

  get current(): FileChoice {
    return this.#choice;
  }

  /** Bytes of what is wanted: of chosen files, those of their pieces. */
  get size(): number {
    return this.#choice.size;
  }

  get done(): number {
    return this.#done;
  }

  get rest(): number {
    return this.#rest;
  }

  /** Bytes of the torrent that are not here, wanted or not. */
  get left(): number {
    return this.#metainfo.totalLength - this.#done - this.#rest;
  }

  /** The rank of each piece. */
  get ranks(): Uint8Array {
    const { files } = this.#metainfo;
    return this.#firstLast ? endsFirst(files, this.#geometry, this.#choice) : this.#choice.ranks;
  }

  /** What other `priorities` would come to. */
  of(priorities: readonly FilePriority[]): FileChoice {
    return chooseFiles(this.#metainfo.files, this.#geometry, priorities);
  }

  /** Another choice from here on; `have` is here. */
  set(choice: FileChoice, have: Bitfield): void {
    this.#choice = choice;
    this.count(have);
  }

  setFirstLast(on: boolean): void {
    this.#firstLast = on;
  }

  /** Counts what is here anew. */
  count(have: Bitfield): void {
    this.#done = this.#rest = 0;
    for (const piece of have) this.came(piece as PieceIndex);
  }

  /** Hashing found so many bytes so far. */
  found(done: number): void {
    this.#done = done;
  }

  /** One more piece is here. */
  came(piece: PieceIndex): void {
    const size = this.#geometry.pieceSize(piece);
    if (this.#choice.pieces.has(piece)) this.#done += size;
    else this.#rest += size;
  }

  /** How far each file is, padding left out; `have` null: nothing is known to be here. */
  files(have: Bitfield | null): FileProgress[] {
    const { pieceLength } = this.#geometry;
    return this.#metainfo.files.flatMap((file, index): FileProgress[] => {
      if (file.pad) return [];
      const { path, offset, length } = file;
      const end = offset + length;
      let done = 0;
      for (const piece of piecesOf(file, this.#geometry)) {
        if (!have?.has(piece)) continue;
        const at = piece * pieceLength;
        done += Math.min(end, at + pieceLength) - Math.max(offset, at);
      }
      const priority = this.#choice.priorities[index]!;
      return [{ index, path: path.join("/"), length, done, priority }];
    });
  }
}
