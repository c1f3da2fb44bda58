import { type InfoHash, toHex } from "../base/mod.ts";
import type { PeerGroup } from "../swarm/mod.ts";
import type { TransferStats } from "../tracker/mod.ts";
import type { SessionContext } from "./context.ts";
import { TorrentDht } from "./dht/torrent_dht.ts";
import type { TorrentShares } from "./shares.ts";
import { TorrentPeers } from "./torrent_peers.ts";
import { TorrentTrackers } from "./torrent_trackers.ts";

/** What others hear of a torrent, and how they may be asked. */
export interface Announced {
  /** Only one tracker at a time, and no peers but those of trackers (BEP 27). */
  readonly isPrivate: boolean;
  /** Everything is here. */
  readonly complete: () => boolean;
  /** Asked for at each announce; the port is known here. */
  readonly stats: () => Omit<TransferStats, "port">;
}

/** Where a torrent finds its peers. It lasts as long as the torrent runs, also while only its info hash is known. */
export class Contacts {
  readonly peers: TorrentPeers;
  readonly trackers: TorrentTrackers;
  #announced: Announced;
  #dht: TorrentDht | null;
  #leaveLan = (): void => {};

  /** `group` takes the peers in; `tiers` are announce URLs (BEP 12). */
  constructor(
    context: SessionContext,
    shares: TorrentShares,
    infoHash: InfoHash,
    tiers: readonly (readonly string[])[],
    group: PeerGroup,
    announced: Announced,
  ) {
    const { peerId, random, doorway } = context;
    this.#announced = announced;
    const told = () => this.#announced;
    const dht = announced.isPrivate ? null : context.dht;
    this.peers = new TorrentPeers(context, shares, infoHash, group, dht !== null);
    this.trackers = new TorrentTrackers(context, {
      infoHash,
      peerId,
      tiers,
      get isPrivate() {
        return told().isPrivate;
      },
      random,
      ...context.encryption.announced,
      stats: () => ({ port: doorway.port ?? 0, ...told().stats() }),
    }, this.peers);
    this.#dht = dht === null ? null : new TorrentDht({
      dht,
      torrent: toHex(infoHash),
      infoHash,
      get port() {
        return doorway.port;
      },
      complete: () => told().complete(),
      take: (found, informant) => this.peers.add(this.peers.admit(found, informant), "dht"),
      emit: context.emit,
      now: context.now,
      wake: context.wake,
    });
    const lan = announced.isPrivate ? null : context.lan;
    lan?.add(infoHash, (peer) => this.peers.add(this.peers.admit([peer], "lsd"), "lsd"));
    this.#leaveLan = () => lan?.remove(infoHash);
  }

  /** Null: the torrent is private, or there is no DHT. */
  get dht(): TorrentDht | null {
    return this.#dht;
  }

  /** Neighbours hear no more of the torrent (BEP 14). */
  leaveLan(): void {
    this.#leaveLan();
  }

  /** The torrent is known now: `group` has its peers from here on. */
  settle(group: PeerGroup, announced: Announced): void {
    this.#announced = announced;
    this.peers.moveTo(group);
    if (!announced.isPrivate) return;
    this.#dht?.close();
    this.#dht = null;
    this.#leaveLan();
    this.peers.becomePrivate();
  }
}
