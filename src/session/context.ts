import type { Endpoint, Millis, PeerId, Random } from "../base/mod.ts";
import type { PeerRanks } from "../swarm/mod.ts";
import type {
  AddressPolicy,
  Carrier,
  LocalDiscovery,
  LoopTurns,
  TrackerClient,
  Transport,
  UdpPort,
} from "../net/mod.ts";
import type { Arrivals } from "./arrivals.ts";
import type { EngineEvent, EngineOptions } from "./api.ts";
import type { SessionDht } from "./dht/session_dht.ts";
import type { DialPlan } from "./dial_plan.ts";
import type { Doorway } from "./doorway.ts";
import type { Encryption } from "./encryption.ts";
import type { Handshakes } from "./handshakes.ts";
import type { SessionShares } from "./shares.ts";
import type { DataPlace } from "./torrent_data.ts";

/**
 * Makes the way to a peer. Rejects with the system's error, or with the signal's reason when that is aborted before the
 * way stands. `eased` is called when what is left to try costs nobody anything.
 */
export type Dial = (
  endpoint: Endpoint,
  transport: Transport,
  signal: AbortSignal,
  eased: () => void,
) => Promise<Carrier>;

/** What all torrents of a session share. */
export interface SessionContext {
  readonly options: EngineOptions;
  /** The monotonic clock. */
  readonly now: () => Millis;
  readonly random: Random;
  /** Who we are, new in every run. */
  readonly peerId: PeerId;
  /** The port we listen on, null: none. */
  readonly port: number | null;
  /** Where others reach us. */
  readonly doorway: Doorway;
  /** The UDP socket that everything shares, on the peers' port where that is free; null: none to be had. */
  readonly udp: UdpPort | null;
  /** Our node of the DHT; null: none. */
  readonly dht: SessionDht | null;
  /** Finds peers in our own network; null: it is off. */
  readonly lan: LocalDiscovery | null;
  /** Ranks peers, for all torrents. */
  readonly ranks: PeerRanks;
  readonly place: DataPlace;
  /** What torrents have to share: limits, the way to the disk, connections, memory. */
  readonly shares: SessionShares;
  readonly policy: AddressPolicy;
  readonly trackers: TrackerClient;
  readonly handshakes: Handshakes;
  readonly dial: Dial;
  /** How each peer is dialled. */
  readonly plan: DialPlan;
  readonly encryption: Encryption;
  /** For a session whose thread must answer others while links have much to read; null: it need not. */
  readonly turns: LoopTurns | null;
  /** Who has connected to us. */
  readonly arrivals: Arrivals;
  /** Tells the front end. */
  readonly emit: (event: EngineEvent) => void;
  /** Something happened that may need an earlier tick than planned. */
  readonly wake: () => void;
}

/** Our name and version, as peers see it. */
export const CLIENT = "TorrentManager 0.6.1";
/** The first bytes of our peer ids (BEP 20). */
export const PEER_ID_PREFIX = "-TM0610-";
