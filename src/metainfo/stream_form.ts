/** A torrent's content as one stream of bytes. */
import type { Bytes } from "../base/mod.ts";
import type { TorrentFile } from "./file_map.ts";
import type { Metainfo } from "./metainfo.ts";
import { TAR_BLOCK, TAR_RECORD, tarHeader, tarPadding } from "./tar.ts";

/** What the bytes of a torrent become for one who reads them in order. */
export interface StreamForm {
  /** What the next bytes of the torrent make possible, in parts that are made as they are asked for; some are views of `data`. */
  next(data: Bytes): Iterable<Bytes>;
  /** What follows the last byte. */
  end(): Iterable<Bytes>;
}

/** A single file as it is, a folder as a tar archive. */
export function streamForm({ multiFile, files, creationDate }: Metainfo): StreamForm {
  return multiFile ? new TarForm(files, creationDate ?? 0) : new PlainForm();
}

/** The bytes as they are. */
export class PlainForm implements StreamForm {
  next(data: Bytes): Iterable<Bytes> {
    return [data];
  }

  end(): Iterable<Bytes> {
    return [];
  }
}

const ZEROS = new Uint8Array(TAR_BLOCK);

/** A tar archive of the files, without padding files; a header comes with the first byte of its file, not before. */
export class TarForm implements StreamForm {
  readonly #files: readonly TorrentFile[];
  readonly #mtime: number;
  /** The file that goes on, and where in the torrent. */
  #index = 0;
  #offset = 0;
  /** Bytes of the archive so far. */
  #written = 0;

  /** `mtime` in seconds since 1970, of all files. */
  constructor(files: readonly TorrentFile[], mtime: number) {
    this.#files = files;
    this.#mtime = mtime;
  }

  *next(data: Bytes): Generator<Bytes> {
    for (let at = 0; at < data.length;) {
      const { path, length, offset, pad } = this.#files[this.#index]!;
      const inside = this.#offset - offset;
      const size = Math.min(length - inside, data.length - at);
      if (!pad) {
        if (inside === 0) yield this.#counted(this.#header(path, length));
        if (size > 0) yield this.#counted(data.subarray(at, at + size));
      }
      at += size;
      this.#offset += size;
      if (inside + size < length) continue;
      this.#index++;
      if (!pad && tarPadding(length) > 0) {
        yield this.#counted(ZEROS.subarray(0, tarPadding(length)));
      }
    }
  }

  *end(): Generator<Bytes> {
    // only empty ones are left
    for (; this.#index < this.#files.length; this.#index++) {
      const { path, pad } = this.#files[this.#index]!;
      if (!pad) yield this.#counted(this.#header(path, 0));
    }
    const least = this.#written + 2 * TAR_BLOCK;
    yield new Uint8Array(Math.ceil(least / TAR_RECORD) * TAR_RECORD - this.#written);
  }

  #header(path: readonly string[], size: number): Bytes {
    return tarHeader({ path: path.join("/"), size, mtime: this.#mtime });
  }

  #counted(part: Bytes): Bytes {
    this.#written += part.length;
    return part;
  }
}
