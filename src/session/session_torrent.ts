import type { Endpoint, Millis } from "../base/mod.ts";
import type { Accepted, Handshake, PeerConnection } from "../wire/mod.ts";
import type { Contacts } from "./contacts.ts";
import type { Running } from "./running.ts";
import type { FileChanges } from "./file_changes.ts";
import type { TorrentShares } from "./shares.ts";
import type { TorrentSnapshot } from "./control_api.ts";
import type { Waiting } from "./why/waiting.ts";

/** What a session does with each of its torrents, whether it knows more of it than the info hash or not. */
export interface SessionTorrent {
  /** Info hash in hexadecimal. */
  readonly id: string;
  /** In hexadecimal, the hash that a hybrid is known by besides (BEP 52); null: none, or none known. */
  readonly otherId: string | null;
  /** Its parts of what the session has. */
  readonly shares: TorrentShares;
  /** Begins; ends in an event, never rejects. */
  start(): Promise<void>;
  /** A peer that connected to us asks for this torrent; null refuses it. */
  accept(theirs: Handshake, connection: PeerConnection, from: Endpoint): Accepted | null;
  /** Adds addresses the user named. */
  addUserPeers(endpoints: readonly Endpoint[]): void;
  /** Time passes. */
  tick(now: Millis): void;
  /** Until then nothing needs it: it wants no tick. 0: it does. */
  readonly restsUntil: number;
  /** It rests no more. */
  rouse(): void;
  /** Dials one peer, if there is use for one and room; false: none. */
  dialNext(now: Millis): boolean;
  /** When {@linkcode tick} wants to be called. */
  nextDeadline(): number;
  /** Its swarm and all that feeds it; null while it has none. */
  readonly running: Running | null;
  /** Its files; null while they are not known. */
  readonly files: FileChanges | null;
  /** Where it finds peers; null while it looks for none. */
  readonly sources: Pick<Contacts, "peers" | "trackers" | "dht"> | null;
  /** How it is. */
  snapshot(now: Millis): TorrentSnapshot;
  /** Why it waits, whether it does or not. */
  why(now: Millis): Waiting;
  /** Stops gently, until `deadline` on the session's clock at most. Later calls wait for the first. */
  stop(deadline: number): Promise<void>;
}
