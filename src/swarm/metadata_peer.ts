import { type Bytes, type Millis, RateMeter } from "../base/mod.ts";
import type { ConnectionHandler, PeerConnection, PeerEvent } from "../wire/mod.ts";
import type { MetadataCopy } from "./metadata_copy.ts";
import type { MetadataFetch } from "./metadata_fetch.ts";
import type { PeerIdentity } from "./peer.ts";

/** One connected peer of a torrent whose metadata is being fetched. */
export class MetadataPeer implements ConnectionHandler {
  /** Its number for our messages of `ut_metadata`, null: it does not speak it. */
  id: number | null = null;
  /** Bytes of the metadata as it says, null: it has none. */
  size: number | null = null;
  client: string | null = null;
  /** What it is asked for pieces of. */
  copy: MetadataCopy | null = null;
  /** Pieces of that, and when they were asked for. */
  readonly asked = new Map<number, Millis>();
  /** When it last sent a piece. */
  heardAt: number = -Infinity;
  /** Asked for nothing before. */
  restUntil = 0;
  /** How often in a row it had to rest. */
  rests = 0;
  /** How often it had a copy of its own and did not get done with it. */
  turns = 0;
  /** It refused a piece last. */
  refuses = false;
  /** It owed a piece too long. */
  silent = false;
  /** When it last told us of other peers, and how often too early since. */
  toldAt: number = -Infinity;
  toldEarly = 0;
  /** Pieces that nobody asked for. */
  unasked = 0;
  banned = false;
  readonly down = new RateMeter();
  readonly up = new RateMeter();

  constructor(
    readonly fetch: MetadataFetch,
    readonly connection: PeerConnection,
    readonly identity: PeerIdentity,
    readonly joinedAt: Millis,
  ) {}

  /** It says that it has the metadata and how to ask for it. */
  get offers(): boolean {
    return this.id !== null && this.size !== null;
  }

  opened(now: Millis): void {
    this.fetch.peerOpened(this, now);
  }

  event(event: PeerEvent, now: Millis): void {
    this.fetch.peerSaid(this, event, now);
  }

  batch(now: Millis): void {
    this.fetch.ask(this, now);
    this.fetch.flush(this, now);
  }

  drained(): void {}

  closed(reason: string): void {
    this.fetch.peerClosed(this, reason);
  }

  // what it says of pieces is kept by its connection until they are known

  block(_piece: number, _begin: number, _data: Bytes): void {}

  request(): void {}

  have(): void {}
}
