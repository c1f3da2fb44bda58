import type { Bitfield, Bytes, PoolMember, Random } from "../base/mod.ts";
import type { Geometry, MerkleTrees } from "../metainfo/mod.ts";
import type { DownloadLimit, Picker, Store, SwarmObserver, UploadLimit } from "./ports.ts";

/** What a swarm is made of. */
export interface SwarmParts {
  readonly geometry: Geometry;
  /** Pieces on disk; the swarm owns it from here on. */
  readonly have: Bitfield;
  readonly store: Store;
  readonly observer: SwarmObserver;
  readonly downloadLimit: DownloadLimit;
  /** Its part of the memory for pieces that have begun, in bytes. */
  readonly memory: PoolMember;
  readonly uploadLimit: UploadLimit;
  readonly random: Random;
  /** One whose ranks and order can change when there is none. */
  readonly picker?: Picker;
  /** False: nothing is offered to peers, as a piece that is here may be gone the next moment. */
  readonly sharing?: boolean;
  /** Once complete, peers are shown one piece after another (BEP 16). */
  readonly superSeed?: boolean;
  /** Peers tell each other of others (BEP 11); never in a private torrent. */
  readonly peerExchange?: boolean;
  /** Client and version for the extension handshake. */
  readonly client: string;
  /** The port we listen on, told to peers; null: none. */
  readonly port: number | null;
  /** The raw info dictionary, given to peers that ask for it (BEP 9); null or none: not given. */
  readonly metadata?: Bytes | null;
  /** The Merkle trees of its files (BEP 52); null or none: v1, or not known. */
  readonly merkle?: MerkleTrees | null;
  /** The rank of each piece, 0: not wanted; null or none: all are, the same. */
  readonly ranks?: Uint8Array | null;
}
