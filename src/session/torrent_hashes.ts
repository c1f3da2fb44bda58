import { equalBytes, type InfoHash, type InfoHashV2, toHex, truncated } from "../base/mod.ts";
import type { Handshake } from "../wire/mod.ts";

/** The hashes that a torrent is known by. */
export interface KnownHashes {
  /** What we know it by. */
  readonly infoHash: InfoHash;
  /** Null: v2, or not known. */
  readonly infoHashV1: InfoHash | null;
  /** Null: v1, or not known. */
  readonly infoHashV2: InfoHashV2 | null;
}

/** Which hash two peers go by. */
export interface Agreement {
  readonly infoHash: InfoHash;
  /** Both speak v2. */
  readonly v2: boolean;
}

/** Under which hashes one torrent is announced and shaken hands on: a hybrid is in two swarms at once (BEP 52). */
export class TorrentHashes {
  readonly known: InfoHash;
  readonly #v1: InfoHash | null;
  readonly #v2: InfoHash | null;

  constructor({ infoHash, infoHashV1, infoHashV2 }: KnownHashes) {
    this.known = infoHash;
    this.#v1 = infoHashV1;
    this.#v2 = infoHashV2 === null ? null : truncated(infoHashV2);
  }

  /** The other swarm's; null: there is none, or none known. */
  get other(): InfoHash | null {
    const other = this.#v1 !== null && equalBytes(this.#v1, this.known) ? this.#v2 : this.#v1;
    return other === null || equalBytes(other, this.known) ? null : other;
  }

  /** We speak v2 of it. */
  get speaksV2(): boolean {
    return this.#v2 !== null;
  }

  /** The hash to dial with: that of v1, which everybody in either swarm knows but who has only a link of v2; `v2`: that. */
  dialled(v2: boolean): InfoHash {
    return (v2 ? this.#v2 : this.#v1) ?? this.known;
  }

  /** True for either hash. */
  has(hash: InfoHash): boolean {
    return [this.known, this.#v1, this.#v2].some((each) => each !== null && equalBytes(each, hash));
  }

  /**
   * What a handshake comes to, null: it is of another torrent. A peer that dials with the hash of v1 and speaks v2 is
   * answered with that of v2, so that both know (BEP 52, Upgrade Path); one that we dialled may answer so.
   */
  agree(theirs: Handshake, outgoing: boolean): Agreement | null {
    if (!this.has(theirs.infoHash)) return null;
    const v2 = this.#v2;
    if (v2 === null) return { infoHash: theirs.infoHash, v2: false };
    if (equalBytes(theirs.infoHash, v2)) return { infoHash: v2, v2: true };
    if (!outgoing && theirs.v2) return { infoHash: v2, v2: true };
    return { infoHash: theirs.infoHash, v2: false };
  }
}

/** What we can answer for: a hybrid whose Merkle trees are not known is one of v1 to us. */
export function spokenHashes(
  { infoHash, infoHashV1, infoHashV2, merkle }: KnownHashes & { readonly merkle: unknown },
): KnownHashes {
  return { infoHash, infoHashV1, infoHashV2: merkle === null ? null : infoHashV2 };
}

/** The hash that a torrent is known by besides, in hexadecimal; null: there is none, or none known. */
export function otherIdOf(hashes: KnownHashes): string | null {
  const { other } = new TorrentHashes(hashes);
  return other === null ? null : toHex(other);
}
