import { Bitfield, type Bytes } from "../base/mod.ts";
import { bytesOf, type DiskLine } from "./disk_line.ts";
import type {
  Arranged,
  Arrangement,
  CheckProgress,
  Inspection,
  OpenOptions,
  Space,
  TorrentLayout,
  TorrentStore,
} from "./store.ts";

/** One torrent's data on disk, behind the disk worker. */
export class DiskTorrent implements TorrentStore {
  readonly #line: DiskLine;
  readonly #id: number;
  readonly #layout: TorrentLayout;

  /** Torrent `id` of the host at the other end of `line`. */
  private constructor(line: DiskLine, id: number, layout: TorrentLayout) {
    this.#line = line;
    this.#id = id;
    this.#layout = layout;
  }

  /** Opens a torrent at the host. */
  static async open(
    line: DiskLine,
    layout: TorrentLayout,
    options: OpenOptions,
  ): Promise<DiskTorrent> {
    const torrent = line.newId();
    const { files, geometry, pieceHashes, merkle = null, parts = null } = layout;
    const { totalLength, pieceLength, sizes } = geometry;
    const arithmetic = { totalLength, pieceLength, sizes };
    const input = { torrent, files, ...arithmetic, pieceHashes, merkle, parts, options };
    await line.call("open", input);
    return new DiskTorrent(line, torrent, layout);
  }

  write(piece: number, buffer: Bytes): Promise<Bytes> {
    return this.#line.write(this.#id, piece, buffer);
  }

  async read(piece: number, offset: number, length: number, into?: ArrayBuffer): Promise<Bytes> {
    const input = { torrent: this.#id, piece, offset, length, into: into ?? null };
    return bytesOf((await this.#line.call("read", input, into ? [into] : [])).block);
  }

  async check(
    pieces: "all" | Bitfield,
    onProgress?: CheckProgress,
    signal?: AbortSignal,
  ): Promise<Bitfield> {
    const wanted = pieces === "all" ? null : pieces.toWire();
    const good = await this.#line.check(this.#id, wanted, onProgress, signal);
    const { pieceCount } = this.#layout.geometry;
    return Bitfield.fromWire(good, pieceCount) ?? new Bitfield(pieceCount);
  }

  async sync(): Promise<void> {
    await this.#line.call("sync", { torrent: this.#id });
  }

  arrange(to: Arrangement): Promise<Arranged> {
    return this.#line.call("arrange", { torrent: this.#id, to });
  }

  async tidy(): Promise<void> {
    await this.#line.call("tidy", { torrent: this.#id });
  }

  async finish(): Promise<void> {
    await this.#line.call("finish", { torrent: this.#id });
  }

  inspect(): Promise<Inspection> {
    return this.#line.call("inspect", { torrent: this.#id });
  }

  async conflicts(good: Bitfield, known: Bitfield): Promise<string[]> {
    const input = { torrent: this.#id, good: good.toWire(), known: known.toWire() };
    return (await this.#line.call("conflicts", input)).paths;
  }

  space(): Promise<Space> {
    return this.#line.call("space", { torrent: this.#id });
  }

  async close(): Promise<void> {
    if (!this.#line.closed) await this.#line.call("close", { torrent: this.#id });
  }
}
