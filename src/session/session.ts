import {
  type AddressRanges,
  AddressSet,
  type Bytes,
  concat,
  type Endpoint,
  endpoint,
  type Millis,
  millis,
  peerId,
  randomBytes,
  splitHostPort,
  SystemRandom,
  UsageError,
  utf8,
} from "../base/mod.ts";
import {
  AddressPolicy,
  LoopTurns,
  type PeerListener,
  type Resolver,
  TrackerClient,
  type UdpDemux,
  type UtpDoor,
} from "../net/mod.ts";
import type { Magnet } from "../metainfo/mod.ts";
import { DiskClient } from "../storage/mod.ts";
import { PeerRanks } from "../swarm/mod.ts";
import type {
  AddOptions,
  Engine,
  EngineEvent,
  EngineOptions,
  StreamSink,
  TorrentLimits,
} from "./api.ts";
import { PEER_ID_PREFIX, type SessionContext } from "./context.ts";
import { Arrivals } from "./arrivals.ts";
import { Control } from "./control.ts";
import type { SessionControl } from "./control_api.ts";
import { Doorway } from "./doorway.ts";
import { openDht } from "./dht/open_dht.ts";
import { DialPlan } from "./dial_plan.ts";
import { Encryption } from "./encryption.ts";
import { Handshakes } from "./handshakes.ts";
import { FolderPlace } from "./folder_place.ts";
import { Incoming } from "./incoming.ts";
import { openLan } from "./open_lan.ts";
import { openUtp } from "./open_utp.ts";
import type { SessionTorrent } from "./session_torrent.ts";
import { SessionShares } from "./shares.ts";
import { StreamPlace } from "./stream_data.ts";
import { Torrents } from "./torrents.ts";
import { Ways } from "./ways.ts";
import type { DataPlace } from "./torrent_data.ts";
import { besideNoProxy, openWayOut, type WayOut } from "./way_out.ts";

/** The session's timer is no finer and no coarser than this, in milliseconds. */
const TICK_LEAST = 50;
const TICK_MOST = 1000;
/** For the disk worker to close its files. */
const LEAST_CLOSE_MS = 500;

/** What a session may be given at its start. */
export interface SessionParts {
  /** The disk worker, when it was begun already; never without a folder. */
  readonly disk?: Promise<DiskClient>;
  /** A manager has the folder for itself, see `lockManager`; torrents need no locks then. By default false. */
  readonly managed?: boolean;
  /** Where the stream goes when there is no folder. */
  readonly sink?: StreamSink;
}

/** Many torrents in one thread, with one listener, one UDP socket, one disk worker and one timer. */
export class Session implements Engine {
  /** Looks at the torrents and steers them; for who manages the session in this thread. */
  readonly control: SessionControl;
  readonly #context: SessionContext;
  readonly #listener: PeerListener | null;
  readonly #udp: UdpDemux | null;
  readonly #utp: UtpDoor | null;
  readonly #torrents: Torrents;
  readonly #incoming: Incoming;
  readonly #tasks = new Set<Promise<unknown>>();
  readonly #resolver: Resolver;
  readonly #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #timerAt = Infinity;
  #stopping: Promise<void> | null = null;

  /**
   * Starts listening and the disk worker. Rejects with `StorageError` when the folder cannot be used, with
   * `UsageError` when there is neither folder nor sink, with the system's error when no port can be had.
   */
  static async start(
    asked: EngineOptions,
    emit: (event: EngineEvent) => void,
    parts: SessionParts = {},
  ): Promise<Session> {
    const options = besideNoProxy(asked);
    const { folder } = options;
    const disk = folder === null ? null : parts.disk ?? DiskClient.start(folder, options.served);
    const now = () => millis(performance.now());
    const warn = (message: string) => emit({ type: "warning", torrent: null, message });
    let way: WayOut | null = null;
    try {
      way = await openWayOut(options, warn);
      const place = folder === null || disk === null
        ? streamPlace(parts.sink, now)
        : await FolderPlace.open(
          folder,
          { readOnly: options.served !== undefined, managed: parts.managed ?? false },
          now,
          disk,
          warn,
        );
      const session = new Session(options, emit, way, place, now, parts.managed ?? false);
      session.#announce();
      return session;
    } catch (error) {
      way?.listener?.close();
      way?.udp?.close();
      await disk?.then((disk) => disk.close(), () => {});
      throw error;
    }
  }

  private constructor(
    options: EngineOptions,
    emit: (event: EngineEvent) => void,
    { listener, udp, port, dial, resolver }: WayOut,
    place: DataPlace,
    now: () => Millis,
    managed: boolean,
  ) {
    const random = new SystemRandom();
    const { ipv6 = true, ipFilter, encryption = "prefer", proxy = null } = options;
    const filter = ipFilter ? new AddressSet(ipFilter) : null;
    this.#resolver = resolver;
    const policy = new AddressPolicy(resolver, { ipv6, filter, proxy });
    const doorway = new Doorway(port, udp?.port ?? null);
    this.#listener = listener;
    this.#udp = udp;
    const parts = { options, now, random, place, policy, port, doorway, udp, emit };
    this.#utp = openUtp(parts, () => this.#incoming, (work) => this.#track(work));
    const ways = new Ways({
      tcp: options.tcp ?? true,
      utp: this.#utp,
      dial,
      track: (work) => this.#track(work),
    });
    this.#context = {
      ...parts,
      peerId: peerId(concat(utf8(PEER_ID_PREFIX), randomBytes(12, random))),
      dht: openDht(
        parts,
        this.#udp,
        (name) => this.#addresses(name),
        (at) => this.#schedule(Math.max(TICK_LEAST, at - now())),
      ),
      lan: openLan(parts, emit, () => this.#schedule(TICK_LEAST)),
      ranks: new PeerRanks(port ?? 0),
      shares: new SessionShares(options, now),
      trackers: new TrackerClient(policy, this.#udp),
      handshakes: new Handshakes(),
      dial: (...asked) => ways.dial(...asked),
      plan: new DialPlan(encryption),
      encryption: new Encryption(encryption, random, now()),
      turns: managed ? new LoopTurns() : null,
      arrivals: new Arrivals(),
      wake: () => this.#schedule(TICK_LEAST),
    };
    this.#torrents = new Torrents(this.#context, {
      begin: (torrent, peers) => this.#begin(torrent, peers),
      track: (work) => this.#track(work),
    });
    this.#incoming = new Incoming(this.#context, this.#torrents);
    this.control = new Control(this.#context, this.#torrents);
  }

  /** The port peers can reach, null when not listening. */
  get port(): number | null {
    return this.#context.port;
  }

  add(source: Bytes | Magnet, options: AddOptions): Promise<string> {
    return this.#torrents.add(source, options);
  }

  metadata(magnet: Magnet, options: Pick<AddOptions, "peers" | "typed">): Promise<Bytes> {
    return this.#torrents.metadata(magnet, options);
  }

  /** Changes limits: of one torrent, or (null) of all together. False when there is no such torrent. */
  setLimits(torrent: string | null, limits: Partial<TorrentLimits>): boolean {
    const shares = torrent === null
      ? this.#context.shares
      : this.#torrents.get(torrent)?.shares ?? null;
    shares?.setLimits(limits);
    this.#schedule(0);
    return shares !== null;
  }

  /** Keeps away the peers and DHT nodes of a list from here on, beside those of the options; null: of no list. */
  setFilter(ranges: AddressRanges | null): void {
    const { policy } = this.#context;
    policy.keepAway(ranges === null ? null : new AddressSet(ranges));
    for (const torrent of this.#torrents.values()) torrent.sources?.peers.refilter();
    this.#incoming.refilter();
  }

  stop(graceMs: number): Promise<void> {
    return this.#stopping ??= this.#stop(graceMs);
  }

  async #begin(torrent: SessionTorrent, peers: readonly string[]): Promise<void> {
    this.#schedule(TICK_LEAST);
    await torrent.start();
    for (const peer of peers) {
      const found = await this.#find(peer);
      // of a magnet link it may be another by now
      (this.#torrents.get(torrent.id) ?? torrent).addUserPeers(found);
    }
    this.#schedule(0);
  }

  async #stop(graceMs: number): Promise<void> {
    const { now, place, shares, dht, lan, doorway } = this.#context;
    const deadline = now() + graceMs;
    this.#listener?.close();
    this.#incoming.shut();
    this.#abort.abort();
    const closing = doorway.close();
    await this.#torrents.stop(deadline);
    dht?.stop();
    await Promise.all([lan?.close(), closing]);
    this.#incoming.close();
    this.#utp?.close();
    // trackers have heard of the end over it
    this.#context.trackers.close();
    this.#udp?.close();
    if (this.#timer !== null) clearTimeout(this.#timer);
    shares.close();
    await Promise.all(this.#tasks);
    await place.close(Math.max(LEAST_CLOSE_MS, deadline - now()));
  }

  /** Says where we listen, and takes in whoever comes. */
  #announce(): void {
    const { options, emit, port } = this.#context;
    const listener = this.#listener;
    if (this.#udp !== null) this.#track(this.#udp.run());
    emit({ type: "listening", port });
    if (port === null) return;
    this.#map();
    if (options.listenPort !== 0 && port !== options.listenPort) {
      const message = `Port ${options.listenPort} is busy, listening on ${port} instead`;
      emit({ type: "warning", torrent: null, message });
    }
    if (listener === null) return;
    this.#track(listener.run((carrier, from) => this.#track(this.#incoming.take(carrier, from))));
  }

  /** Has a gateway open our ports, where that is wanted. */
  #map(): void {
    const { options: { portMapping }, doorway, random, now, emit, dht, ranks } = this.#context;
    if (!portMapping) return;
    const moved = (host: string | null, elsewhere: boolean) => {
      if (host !== null) {
        dht?.isAt(host);
        ranks.isAt(host);
      }
      if (!elsewhere) return;
      // the port they were told may be another now
      for (const { sources } of this.#torrents.values()) {
        sources?.trackers.hurry();
        sources?.dht?.hurry();
      }
    };
    doorway.map({ choice: portMapping, random, now, emit, moved });
  }

  /** The addresses behind `host:port` that the user typed. */
  async #find(peer: string): Promise<Endpoint[]> {
    const parts = splitHostPort(peer);
    const known = parts === null ? null : endpoint(parts.host, parts.port);
    if (known !== null) return [known];
    const { emit } = this.#context;
    const found = parts === null ? [] : await this.#addresses(parts.host);
    const endpoints = found.flatMap((address) => endpoint(address, parts!.port) ?? []);
    if (endpoints.length === 0) {
      const { proxy } = this.#context.options;
      const why = proxy ? ": names of peers are not looked up with a proxy, give an address" : "";
      const message = `Cannot find the address of peer ${peer}${why}`;
      emit({ type: "warning", torrent: null, message });
    }
    return endpoints;
  }

  async #addresses(name: string): Promise<readonly string[]> {
    if (name === "localhost") return ["127.0.0.1"];
    return await this.#resolver.resolve(name, this.#abort.signal).catch(() => []);
  }

  #schedule(delay: number): void {
    const { now } = this.#context;
    const at = now() + delay;
    if (this.#stopping !== null || at >= this.#timerAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => this.#tick(), delay);
  }

  #tick(): void {
    this.#timerAt = Infinity;
    const { now, handshakes, dht, lan } = this.#context;
    const at = now();
    handshakes.tick(at);
    dht?.tick(at);
    lan?.tick(at);
    for (const torrent of this.#torrents.values()) {
      if (torrent.restsUntil <= at) torrent.tick(at);
    }
    this.#dial(at);
    let next = Math.min(at + TICK_MOST, dht?.nextDeadline() ?? Infinity);
    next = Math.min(next, lan?.nextDeadline() ?? Infinity);
    for (const torrent of this.#torrents.values()) {
      const { restsUntil } = torrent;
      next = Math.min(next, restsUntil > at ? restsUntil : torrent.nextDeadline());
    }
    this.#schedule(Math.max(TICK_LEAST, next - at));
  }

  /** Torrents dial in turns, one peer each, and each in turn is the first. */
  #dial(now: Millis): void {
    this.#torrents.rotate();
    let dialled = true;
    while (dialled) {
      dialled = false;
      for (const torrent of this.#torrents.values()) {
        if (torrent.restsUntil <= now && torrent.dialNext(now)) dialled = true;
      }
    }
  }

  /** Remembers work that must be over before the session is. */
  #track(work: Promise<unknown>): void {
    this.#tasks.add(work);
    work.finally(() => this.#tasks.delete(work));
  }
}

function streamPlace(
  sink: StreamSink | undefined,
  now: () => Millis,
): StreamPlace {
  if (sink === undefined) throw new UsageError("Expected a folder or a sink for the stream");
  return new StreamPlace({ sink, now });
}
