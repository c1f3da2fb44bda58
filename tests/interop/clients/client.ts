import type { Host } from "../harness/host.ts";
import type { Requirement } from "../harness/requirements.ts";
import type { Torrent } from "../harness/torrent.ts";

/** Another project's BitTorrent client, running. */
export interface Client extends AsyncDisposable {
  /** `host:port` where it takes peers. */
  readonly listens: string;
  /**
   * Takes up a torrent. With `whole` the payload is in `folder` already and the client hashes and
   * seeds it; otherwise it downloads into `folder`.
   */
  addTorrent(torrent: Torrent, folder: string, whole: boolean): Promise<void>;
  /** Downloads what a magnet link leads to into `folder`; it is asked for as the torrent from then on. */
  addMagnet(link: string, torrent: Torrent, folder: string): Promise<void>;
  /** True once every byte is there and the client seeds. Throws when that can never be. */
  isSeeding(torrent: Torrent): Promise<boolean>;
  /** What it says of the torrent, for a failure message. */
  describe(torrent: Torrent): Promise<string>;
  /** The end of its logs. */
  tail(): string;
}

/** How to get such a client. */
export interface ClientKind {
  readonly name: string;
  readonly requirements: readonly Requirement[];
  /** It refuses peers on loopback addresses and needs hosts of its own. */
  readonly needsNamespaces: boolean;
  /** It does not create files that are empty. */
  readonly skipsEmptyFiles: boolean;
  /** Files of its own that it keeps beside a payload. */
  readonly ownFiles?: RegExp;
  /** Starts it and waits until its API answers; its state and logs go into `folder`. */
  start(host: Host, folder: string, finds?: Finds): Promise<Client>;
}

/** What a client does beside its trackers; by default nothing. */
export interface Finds {
  /** Peers of peers (BEP 11). */
  readonly pex?: boolean;
  /** Its own network (BEP 14). */
  readonly lsd?: boolean;
  /** It downloads next to nothing a second (libtorrent alone can). */
  readonly slow?: boolean;
}

/** Seconds until a client's API must answer. */
export const API_SECONDS = 20;
