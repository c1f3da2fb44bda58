/** Where the bytes of a torrent lie in its files. */

/** One file of a torrent, in the order of the info dictionary. */
export interface TorrentFile {
  /** Path below the download folder: safe components, the torrent's name first. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly length: number;
  /** Where the file starts in the torrent. */
  readonly offset: number;
  /** Padding (BEP 47): zeros that are never written to disk. */
  readonly pad: boolean;
}

/** A run of torrent bytes that lies in one file. */
export interface Span {
  readonly file: number;
  /** Where in the file. */
  readonly fileOffset: number;
  /** Where in the run of bytes that was asked for. */
  readonly at: number;
  readonly length: number;
}

/** One byte of a torrent in its file. */
export interface Place {
  readonly file: number;
  readonly fileOffset: number;
  /** Bytes of the file from there on. */
  readonly left: number;
}

/** The files of a torrent, searchable by offset. */
export class FileMap {
  constructor(readonly files: readonly TorrentFile[]) {}

  /** The spans of `length` bytes from torrent offset `offset`, in order; empty files are passed over. */
  spans(offset: number, length: number): Span[] {
    const out: Span[] = [];
    const end = offset + length;
    for (let i = this.#first(offset); i < this.files.length; i++) {
      const file = this.files[i]!;
      if (file.offset >= end) break;
      const from = Math.max(offset, file.offset);
      const to = Math.min(end, file.offset + file.length);
      if (to > from) {
        out.push({ file: i, fileOffset: from - file.offset, at: from - offset, length: to - from });
      }
    }
    return out;
  }

  /** Where the byte at torrent offset `offset`, below the torrent's length, lies. */
  place(offset: number): Place {
    // never an empty file: the one behind it starts at the same offset
    const file = this.#first(offset);
    const { length, offset: start } = this.files[file]!;
    return { file, fileOffset: offset - start, left: length - (offset - start) };
  }

  /** The last file that starts at or before `offset`, found by halving; earlier empty ones do not matter. */
  #first(offset: number): number {
    let low = 0;
    let high = this.files.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.files[middle]!.offset <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
