import type { Host } from "../harness/host.ts";
import type { Requirement } from "../harness/requirements.ts";
import type { Torrent } from "../harness/torrent.ts";
import type { Client as ClientName } from "../../../scripts/interop/matrix.ts";

/** Another project's BitTorrent client, running. */
export interface Client extends AsyncDisposable {
  /**
   * Takes up a torrent. With `whole` the payload is in `folder` already and the client hashes and
   * seeds it; otherwise it downloads into `folder`.
   */
  addTorrent(torrent: Torrent, folder: string, whole: boolean): Promise<void>;
  /** Takes up a magnet link of `torrent` and downloads into `folder`. */
  addMagnet(link: string, torrent: Torrent, folder: string): Promise<void>;
  /** True once every byte is there and the client seeds. Throws when that can never be. */
  isSeeding(torrent: Torrent): Promise<boolean>;
  /** Addresses, without ports, of the peers it is connected to. */
  peers(torrent: Torrent): Promise<string[]>;
  /** Shows pieces one by one from now on, where it can do that. */
  superSeed?(torrent: Torrent): Promise<void>;
  /** Asks it to announce to the DHT again, where it would only much later. */
  announceToDht?(torrent: Torrent): Promise<void>;
  /** How many nodes of the DHT it knows, where it announces a torrent to those that it knows at first, and not again. */
  dhtNodes?(): Promise<number>;
  /** Where it listens for peers. */
  readonly port: number;
  /** What it says of the torrent, for a failure message. */
  describe(torrent: Torrent): Promise<string>;
  /** The end of its logs. */
  tail(): string;
}

/** What it has besides trackers. Without it, it has none of these, and IPv4 only. */
export interface Discovery {
  /** `host:port` of a node of the DHT to enter by. Peer exchange, local discovery and uTP are on as well. */
  readonly dhtNode: string;
  /** An IPv6 address of the host. */
  readonly address6: string;
  /** Where it can be switched off: no uTP. */
  readonly noUtp?: true;
}

/** Encryption as a user sets it; without one it is as the client comes, which takes either. */
export type Encryption = "required" | "off";

/** How to get such a client. */
export interface ClientKind {
  readonly name: ClientName;
  readonly requirements: readonly Requirement[];
  /** It does not create files that are empty. */
  readonly skipsEmptyFiles: boolean;
  /** Files of its own that it keeps beside a payload. */
  readonly ownFiles?: RegExp;
  /** Starts it and waits until its API answers; its state and logs go into `folder`. */
  start(
    host: Host,
    folder: string,
    discovery?: Discovery,
    encryption?: Encryption,
  ): Promise<Client>;
}

/** Seconds until a client's API must answer. */
export const API_SECONDS = 20;
