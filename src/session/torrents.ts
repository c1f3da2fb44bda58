import {
  type Bytes,
  DeniedError,
  equalBytes,
  fromHex,
  infoHash,
  messageOf,
  MetainfoError,
  toHex,
} from "../base/mod.ts";
import {
  checkRules,
  type Magnet,
  type Metainfo,
  nameRules,
  parseMetainfo,
  torrentOf,
} from "../metainfo/mod.ts";
import type { AddOptions } from "./api.ts";
import type { SessionContext } from "./context.ts";
import { MagnetSearch, UNUSABLE } from "./magnet_search.ts";
import { rememberedMetainfo } from "./remembered.ts";
import type { SessionTorrent } from "./session_torrent.ts";
import { Torrent } from "./torrent.ts";

/** For a search that is over: it tells its trackers without making anybody wait. */
const LEAVE_MS = 500;

/** What a torrent that comes in is given to; both are the session's. */
export interface TorrentHost {
  /** Starts it and finds the peers (`host:port`) the user named. */
  begin(torrent: SessionTorrent, peers: readonly string[]): Promise<void>;
  /** Remembers work that must be over before the session is. */
  track(work: Promise<unknown>): void;
}

/** The torrents of a session, those included of which only a magnet link is known, and how they come in. */
export class Torrents {
  readonly #context: SessionContext;
  readonly #host: TorrentHost;
  readonly #running = new Map<string, SessionTorrent>();
  /** The ids of hybrids by the hashes they are known by besides. */
  readonly #others = new Map<string, string>();
  #closed = false;

  constructor(context: SessionContext, host: TorrentHost) {
    this.#context = context;
    this.#host = host;
  }

  /** A torrent by its info hash in hexadecimal. */
  get(id: string): SessionTorrent | undefined {
    return this.#running.get(id);
  }

  /** The torrent that a peer asks for, by either of its hashes. */
  asked(id: string): SessionTorrent | undefined {
    return this.get(id) ?? this.get(this.#others.get(id) ?? "");
  }

  /** All of them, in turns: see {@linkcode rotate}. */
  values(): Iterable<SessionTorrent> {
    return this.#running.values();
  }

  /** The first one goes to the end. */
  rotate(): void {
    const [first] = this.#running;
    if (first !== undefined && this.#running.delete(first[0])) this.#running.set(...first);
  }

  /** As in `Engine`. */
  async add(source: Bytes | Magnet, options: AddOptions): Promise<string> {
    checkRules(options);
    if (!(source instanceof Uint8Array)) return await this.#addMagnet(source, options);
    const { knownAs } = options;
    const known = knownAs === undefined ? {} : { knownAs, layersMissing: true };
    const metainfo = await parseMetainfo(source, nameRules(Deno.build.os), known);
    const id = toHex(metainfo.infoHash);
    if (this.#has(id, metainfo.name)) return id;
    const torrent = new Torrent(this.#context, metainfo, options);
    // one that is refused leaves nothing behind
    this.#save(id, metainfo.name, source, options);
    this.#context.emit(torrent.added());
    if (!metainfo.isPrivate) this.#context.dht?.begin(metainfo.nodes);
    this.#run(torrent, options.peers ?? []);
    return id;
  }

  /** As in `Engine`. */
  async metadata(
    magnet: Magnet,
    { peers = [], ...options }: Pick<AddOptions, "peers" | "typed">,
  ): Promise<Bytes> {
    const { promise, resolve, reject } = Promise.withResolvers<Bytes>();
    const search = new MagnetSearch(
      this.#context,
      magnet,
      options,
      resolve,
      (message) => reject(new Error(message)),
    );
    if (this.#has(search.id, magnet.name ?? search.id)) {
      throw new Error("Expected a torrent that does not run already");
    }
    this.#context.dht?.begin([]);
    this.#run(search, [...peers, ...magnet.peers]);
    try {
      return await promise;
    } finally {
      this.#host.track(search.stop(this.#context.now() + LEAVE_MS));
      this.#drop(search.id);
    }
  }

  /** Stops one gently and forgets it; another of the same info hash may be added once this resolves. */
  async remove(id: string, deadline: number): Promise<void> {
    for (let torrent = this.get(id); torrent !== undefined; torrent = this.get(id)) {
      const stopping = torrent.stop(deadline);
      this.#host.track(stopping);
      await stopping;
      // a magnet's search may have become its torrent meanwhile
      if (this.#running.get(id) === torrent) this.#drop(id);
    }
  }

  /** Stops all of them gently; none can be added any more. */
  async stop(deadline: number): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#running.values()].map((torrent) => torrent.stop(deadline)));
  }

  async #addMagnet(magnet: Magnet, options: AddOptions): Promise<string> {
    const id = toHex(magnet.infoHash);
    const select = magnet.select === null ? {} : { select: magnet.select };
    const known = { ...select, ...options, remember: true };
    const peers = [...options.peers ?? [], ...magnet.peers];
    const kept = await rememberedMetainfo(this.#context.place, magnet);
    if (this.#has(id, magnet.name ?? id)) return id;
    if (kept !== null) {
      const { trackers, webseeds, infoBytes, merkle } = kept;
      const torrent = new Torrent(this.#context, kept, known);
      const file = torrentOf(infoBytes, trackers.flat(), webseeds, merkle);
      this.#save(id, kept.name, file, options);
      this.#context.emit(torrent.added());
      if (!kept.isPrivate) this.#context.dht?.begin(kept.nodes);
      this.#run(torrent, peers);
      return id;
    }
    this.#context.dht?.begin([]);
    const search: MagnetSearch = new MagnetSearch(this.#context, magnet, options, (torrent) => {
      this.#host.track(search.exact.stop());
      this.#host.track(this.#follow(search, torrent, known));
    });
    this.#run(search, peers);
    return id;
  }

  /** The metadata of a magnet link is here: the torrent takes the place of the search, with its peers. */
  async #follow(
    search: MagnetSearch,
    bytes: Bytes,
    options: AddOptions,
  ): Promise<void> {
    let torrent: Torrent;
    try {
      const metainfo = await parseMetainfo(bytes, nameRules(Deno.build.os), {
        layersMissing: true,
        knownAs: search.magnet.infoHash,
      });
      expectBoth(search.magnet, metainfo);
      if (this.#closed || this.#running.get(search.id) !== search) return;
      torrent = new Torrent(this.#context, metainfo, options, search);
      this.#save(search.id, metainfo.name, bytes, options);
    } catch (error) {
      if (error instanceof DeniedError) return search.fail("denied", error.message);
      return search.fail(
        "bad-torrent",
        `${UNUSABLE}: ${messageOf(error)}`,
      );
    }
    this.#note(torrent);
    this.#context.emit(torrent.added());
    await torrent.start();
  }

  /** True when a torrent runs already, which is worth a word. */
  #has(id: string, name: string): boolean {
    if (this.#closed) throw new Error("Expected a running engine");
    if (!this.#running.has(id)) return false;
    const message = `Added twice, run once: ${name}`;
    this.#context.emit({ type: "warning", torrent: id, message });
    return true;
  }

  /** Keeps the torrent file beside the data where that is wanted; the download does not depend on it. */
  #save(torrent: string, name: string, bytes: Bytes, options: AddOptions): void {
    if (!options.saveTorrent) return;
    try {
      this.#context.place.saveTorrent(options.name ?? name, bytes);
    } catch (error) {
      const message = `The torrent file is not saved: ${messageOf(error)}`;
      this.#context.emit({ type: "warning", torrent, message });
    }
  }

  #note(torrent: SessionTorrent): void {
    this.#running.set(torrent.id, torrent);
    this.#context.encryption.add(infoHash(fromHex(torrent.id)!));
    if (torrent.otherId === null) return;
    this.#others.set(torrent.otherId, torrent.id);
    this.#context.encryption.add(infoHash(fromHex(torrent.otherId)!));
  }

  #run(torrent: SessionTorrent, peers: readonly string[]): void {
    this.#note(torrent);
    this.#host.track(this.#host.begin(torrent, peers));
  }

  #drop(id: string): void {
    const otherId = this.#running.get(id)?.otherId ?? null;
    this.#running.delete(id);
    this.#context.encryption.remove(infoHash(fromHex(id)!));
    if (otherId === null) return;
    this.#others.delete(otherId);
    this.#context.encryption.remove(infoHash(fromHex(otherId)!));
  }
}

/** A link with two hashes must lead to one torrent (BEP 52). Throws `MetainfoError`. */
function expectBoth({ infoHashV2 }: Magnet, metainfo: Metainfo): void {
  if (infoHashV2 === null) return;
  const found = metainfo.infoHashV2;
  if (found !== null && equalBytes(found, infoHashV2)) return;
  const got = found === null ? "none" : toHex(found);
  throw new MetainfoError("info", `Expected the v2 info hash ${toHex(infoHashV2)}, got ${got}`);
}
