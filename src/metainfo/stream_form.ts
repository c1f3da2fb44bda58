/** A torrent's content as one stream of bytes. */
import type { Bytes } from "../base/mod.ts";
import type { FileChoice } from "./file_choice.ts";
import type { TorrentFile } from "./file_map.ts";
import type { Metainfo } from "./metainfo.ts";
import { TAR_BLOCK, TAR_RECORD, tarHeader, tarPadding } from "./tar.ts";

/** What the bytes of a torrent become for one who reads them in order. */
export interface StreamForm {
  /**
   * What bytes of the torrent that begin at `offset`, behind all earlier ones, make possible, in parts that are made as
   * they are asked for; some are views of `data`. Bytes of no wanted file may be left out.
   */
  next(data: Bytes, offset: number): Iterable<Bytes>;
  /** What follows the last byte. */
  end(): Iterable<Bytes>;
}

/** A single file, or the only wanted one, as it is; several as a tar archive. */
export function streamForm(
  { multiFile, files, creationDate }: Pick<Metainfo, "multiFile" | "files" | "creationDate">,
  { whole, priorities }: Pick<FileChoice, "whole" | "priorities">,
): StreamForm {
  const wanted = files.filter((_, i) => priorities[i] !== "off");
  const [first] = wanted;
  const alone = !multiFile || (!whole && wanted.length === 1);
  if (alone && first !== undefined) return new PlainForm(first);
  return new TarForm(wanted, creationDate ?? 0);
}

/** The bytes of one file as they are. */
export class PlainForm implements StreamForm {
  readonly #file: Pick<TorrentFile, "offset" | "length">;

  constructor(file: Pick<TorrentFile, "offset" | "length">) {
    this.#file = file;
  }

  *next(data: Bytes, offset: number): Generator<Bytes> {
    const from = this.#file.offset - offset;
    const part = data.subarray(Math.max(0, from), Math.max(0, from + this.#file.length));
    if (part.length > 0) yield part;
  }

  end(): Iterable<Bytes> {
    return [];
  }
}

const ZEROS = new Uint8Array(TAR_BLOCK);

/** A tar archive of files in the order they lie; a header comes with the first byte of its file, not before. */
export class TarForm implements StreamForm {
  readonly #files: readonly TorrentFile[];
  readonly #mtime: number;
  /** The file that goes on or comes next. */
  #index = 0;
  /** Bytes of the archive so far. */
  #written = 0;

  /** Without padding files; `mtime` in seconds since 1970, of all files. */
  constructor(files: readonly TorrentFile[], mtime: number) {
    this.#files = files;
    this.#mtime = mtime;
  }

  *next(data: Bytes, offset: number): Generator<Bytes> {
    const end = offset + data.length;
    for (; this.#index < this.#files.length; this.#index++) {
      const file = this.#files[this.#index]!;
      if (file.offset >= end) return;
      if (file.offset >= offset) yield this.#header(file);
      const fileEnd = file.offset + file.length;
      const part = data.subarray(Math.max(0, file.offset - offset), fileEnd - offset);
      if (part.length > 0) yield this.#counted(part);
      if (fileEnd > end) return;
      const padding = tarPadding(file.length);
      if (padding > 0) yield this.#counted(ZEROS.subarray(0, padding));
    }
  }

  *end(): Generator<Bytes> {
    // only empty ones are left
    for (; this.#index < this.#files.length; this.#index++) {
      yield this.#header(this.#files[this.#index]!);
    }
    const least = this.#written + 2 * TAR_BLOCK;
    yield new Uint8Array(Math.ceil(least / TAR_RECORD) * TAR_RECORD - this.#written);
  }

  #header({ path, length: size }: TorrentFile): Bytes {
    return this.#counted(tarHeader({ path: path.join("/"), size, mtime: this.#mtime }));
  }

  #counted(part: Bytes): Bytes {
    this.#written += part.length;
    return part;
  }
}
