import { type InfoHash, toHex } from "../base/mod.ts";
import type { LocalDiscovery } from "../net/mod.ts";
import type { PeerGroup } from "../swarm/mod.ts";
import type { TransferStats } from "../tracker/mod.ts";
import type { SessionContext } from "./context.ts";
import { TorrentDht } from "./dht/torrent_dht.ts";
import type { TorrentShares } from "./shares.ts";
import { TorrentPeers } from "./torrent_peers.ts";
import { type KnownHashes, TorrentHashes } from "./torrent_hashes.ts";
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
  readonly #lan: LocalDiscovery | null;
  /** Hashes that are called out in our own network. */
  readonly #called: InfoHash[] = [];

  /** `group` takes the peers in; `tiers` are announce URLs (BEP 12). */
  constructor(
    context: SessionContext,
    shares: TorrentShares,
    hashes: KnownHashes,
    tiers: readonly (readonly string[])[],
    group: PeerGroup,
    announced: Announced,
  ) {
    const { peerId, random, doorway } = context;
    const { infoHash } = hashes;
    this.#announced = announced;
    const told = () => this.#announced;
    const dht = announced.isPrivate ? null : context.dht;
    this.peers = new TorrentPeers(context, shares, new TorrentHashes(hashes), group, dht !== null);
    this.trackers = new TorrentTrackers(context, {
      infoHash,
      peerId,
      tiers,
      get isPrivate() {
        return told().isPrivate;
      },
      random,
      ...context.encryption.announced,
      // where nobody is let in: trackers refuse 0, and hardly anything is at 1
      stats: () => ({ port: doorway.port ?? 1, ...told().stats() }),
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
    this.#lan = announced.isPrivate ? null : context.lan;
    this.#call(infoHash);
    this.#join(new TorrentHashes(hashes));
  }

  /** Null: the torrent is private, or there is no DHT. */
  get dht(): TorrentDht | null {
    return this.#dht;
  }

  /** Neighbours hear no more of the torrent (BEP 14). */
  leaveLan(): void {
    for (const infoHash of this.#called.splice(0)) this.#lan?.remove(infoHash);
  }

  /** The torrent is known now, and so are its hashes: `group` has its peers from here on. */
  settle(group: PeerGroup, announced: Announced, hashes: KnownHashes): void {
    this.#announced = announced;
    const known = new TorrentHashes(hashes);
    this.peers.moveTo(group, known);
    if (!announced.isPrivate) return this.#join(known);
    this.#dht?.close();
    this.#dht = null;
    this.leaveLan();
    this.peers.becomePrivate();
    this.#join(known);
  }

  /** A hybrid is found in both of its swarms (BEP 52). */
  #join(hashes: TorrentHashes): void {
    const { other } = hashes;
    if (other === null) return;
    const v2 = hashes.dialled(true) === other;
    this.trackers.join(other, v2);
    this.#dht?.join(other, (found, informant) => {
      const peers = this.peers.admit(found, informant);
      if (v2) this.peers.addV2(peers, "dht");
      else this.peers.add(peers, "dht");
    });
    if (!this.#announced.isPrivate) this.#call(other);
  }

  #call(infoHash: InfoHash): void {
    if (this.#lan === null || this.#called.includes(infoHash)) return;
    this.#called.push(infoHash);
    this.#lan.add(infoHash, (peer) => this.peers.add(this.peers.admit([peer], "lsd"), "lsd"));
  }
}
