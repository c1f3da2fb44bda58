/** Sessions over real sockets on this machine, in temporary folders. */
import { assertEquals } from "@std/assert";
import { type Bytes, concat, randomBytes, SeededRandom, sha1 } from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { parseMagnet, parseMetainfo } from "../../src/metainfo/mod.ts";
import {
  type AddOptions,
  type EngineEvent,
  type EngineOptions,
  Session,
  type SessionParts,
  type StreamSink,
} from "../../src/session/mod.ts";

/** A file of a torrent: its path below the torrent's name, bytes, and whether it is padding. */
export type LabFile = readonly [path: string, length: number, pad?: "pad"];

/** A torrent and its content. */
export interface LabTorrent {
  readonly bytes: Bytes;
  readonly hash: Bytes;
  readonly name: string;
  readonly data: Bytes;
  readonly pieceLength: number;
  readonly files: readonly { readonly path: string; readonly data: Bytes; readonly pad: boolean }[];
}

/** An engine without limits, on a port of its own, that nobody waits for in vain and that tells little. */
export const QUIET = {
  listenPort: 0,
  downloadLimit: 0,
  uploadLimit: 0,
  connectTimeout: 10,
  stallTimeout: 0,
  metadataTimeout: 0,
  waitPatience: 10,
  dht: null,
  progressInterval: 1,
  verbose: false,
} as const;

/** Makes a torrent; one file with an empty path is a single-file torrent. */
export async function labTorrent(
  name: string,
  specs: readonly LabFile[],
  pieceLength: number,
  announce?: string,
  isPrivate = false,
): Promise<LabTorrent> {
  const random = new SeededRandom(name.length + specs.length);
  const contents = specs.map(([, length, pad]) =>
    pad === undefined ? randomBytes(length, random) : new Uint8Array(length)
  );
  const data = concat(...contents);
  const hashes: Bytes[] = [];
  for (let at = 0; at < data.length; at += pieceLength) {
    hashes.push(await sha1(data.slice(at, at + pieceLength)));
  }
  const single = specs.length === 1 && specs[0]![0] === "";
  const files = specs.map(([path, length, pad]) => ({
    ...(pad === undefined ? {} : { attr: "p" }),
    length,
    path: path.split("/"),
  }));
  const info = {
    ...(single ? { length: data.length } : { files }),
    name,
    "piece length": pieceLength,
    pieces: concat(...hashes),
    private: isPrivate ? 1 : undefined,
  };
  const bytes = encode({ ...(announce === undefined ? {} : { announce }), info });
  return {
    bytes,
    hash: (await parseMetainfo(bytes)).infoHash,
    name,
    data,
    pieceLength,
    files: specs.map(([path, , pad], i) => ({
      path: single ? name : `${name}/${path}`,
      data: contents[i]!,
      pad: pad !== undefined,
    })),
  };
}

/** A folder that goes when the test ends. */
export class Folder implements Disposable {
  readonly path = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "tm-loopback-" }));

  /** Writes the files of a torrent. */
  fill(torrent: LabTorrent): this {
    for (const { path, data, pad } of torrent.files) {
      if (pad) continue;
      const full = `${this.path}/${path}`;
      Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      Deno.writeFileSync(full, data);
    }
    return this;
  }

  /** Fails unless every file of the torrent stands here as it should. */
  assertHolds(torrent: LabTorrent): void {
    for (const { path, data, pad } of torrent.files) {
      if (pad) continue;
      const got = Deno.readFileSync(`${this.path}/${path}`);
      assertEquals(got.length, data.length, path);
      assertEquals(got.findIndex((byte, i) => byte !== data[i]), -1, path);
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

const PATIENCE_MS = 60_000;
type Of<T extends EngineEvent["type"]> = Extract<EngineEvent, { type: T }>;

/** A session and everything it said. Stopped at the end of its scope. */
export class Client implements AsyncDisposable {
  readonly events: EngineEvent[] = [];
  readonly #waiting = new Set<() => void>();
  session!: Session;

  static start(folder: Folder, over: Partial<EngineOptions> = {}): Promise<Client> {
    return Client.#start({ folder: folder.path, ...over }, {});
  }

  /** A session without a folder, whose torrent goes to `sink`. */
  static stream(sink: StreamSink, over: Partial<EngineOptions> = {}): Promise<Client> {
    return Client.#start({ folder: null, ...over }, { sink });
  }

  static async #start(
    over: Pick<EngineOptions, "folder"> & Partial<EngineOptions>,
    parts: SessionParts,
  ): Promise<Client> {
    const client = new Client();
    client.session = await Session.start({
      ...QUIET,
      verbose: true,
      ...over,
    }, (event) => {
      client.events.push(event);
      for (const wake of [...client.#waiting]) wake();
    }, parts);
    return client;
  }

  get address(): string {
    return `127.0.0.1:${this.session.port}`;
  }

  /** Adds a magnet link. */
  addMagnet(link: string, options: Partial<AddOptions> = {}): Promise<string> {
    return this.session.add(parseMagnet(link), { seed: null, ...options });
  }

  add(torrent: LabTorrent, options: Partial<AddOptions> = {}): Promise<string> {
    return this.session.add(torrent.bytes, { seed: null, ...options });
  }

  /** Adds what is complete on disk, to be seeded for ever; resolves when it is served. */
  async seed(torrent: LabTorrent, options: Partial<AddOptions> = {}): Promise<void> {
    const forever = { minutes: null, ratio: null };
    await this.add(torrent, { seed: forever, seedOnly: true, ...options });
    await this.heard("done");
  }

  /** Events of one kind so far. */
  all<T extends EngineEvent["type"]>(type: T): Of<T>[] {
    return this.events.filter((event): event is Of<T> => event.type === type);
  }

  /** The first event of a kind that fits, now or within `patienceMs`, which other events do not make longer. */
  async heard<T extends EngineEvent["type"]>(
    type: T,
    fits: (event: Of<T>) => boolean = () => true,
    patienceMs = PATIENCE_MS,
  ): Promise<Of<T>> {
    const late = Promise.withResolvers<never>();
    // only a test that fails waits so long
    const timer = setTimeout(() => {
      const last = JSON.stringify(this.events.slice(-5));
      const wait = `${patienceMs / 1000} s`;
      late.reject(new Error(`Expected an event "${type}" within ${wait}, heard last: ${last}`));
    }, patienceMs);
    try {
      for (;;) {
        const found = this.all(type).find(fits);
        if (found !== undefined) return found;
        await Promise.race([this.#next(), late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): Promise<void> {
    return this.session.stop(5_000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Resolves with the next event, whatever it is. */
  #next(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}
