/**
 * Bytes of UDP payload, ever larger: what IPv4 promises (576 − 28), IPv6 (1,280 − 48), common tunnels, Ethernet with
 * IPv6 and IPv4. More is not tried: libtorrent's buffer is 1,500 bytes, and what does not fit would be lost unnoticed.
 */
const SIZES = [548, 1232, 1392, 1452, 1472];
/** Everybody passes packets of this size, but for a few tunnels. */
const FIRST = 1;
const LAST_V6 = 3;
/** Packets that arrived between two tries. */
const PATIENCE = 32;
/** A size that was lost so often does not pass. */
const MOST_TRIES = 3;
/** So many silences in a row, and packets as large as these are suspected, and all but the smallest. */
const SUSPECT = 3;
const SUSPECT_ALL = 4;

/**
 * How large packets may be. A larger size is tried with a packet that is blown up: when it is lost, the same payload is
 * sent again without, as a packet's payload can never be parted once it has a number. The runtime lets nobody say that
 * packets may not be fragmented; Linux does so for all until a router complains.
 */
export class PacketSize {
  #at: number;
  readonly #top: number;
  #ceiling: number;
  #tries = 0;
  #arrived = 0;
  #trying = false;

  /** `most`: it has been seen that no more passes. */
  constructor(ipv6: boolean, most = Infinity) {
    this.#top = ipv6 ? LAST_V6 : SIZES.length - 1;
    const passing = SIZES.findLastIndex((size) => size <= most);
    this.#ceiling = Math.max(0, Math.min(this.#top, passing));
    this.#at = Math.min(FIRST, this.#ceiling);
  }

  /** UDP payload of a full packet. */
  get bytes(): number {
    return SIZES[this.#at]!;
  }

  /** The size that the next full packet should try, null: none. It must end in one of the next three. */
  tryLarger(): number | null {
    if (this.#trying || this.#at >= this.#ceiling || this.#arrived < PATIENCE) return null;
    this.#trying = true;
    return SIZES[this.#at + 1]!;
  }

  /** Full packets arrived. */
  arrived(count: number): void {
    this.#arrived += count;
  }

  /** The larger one arrived. */
  passed(): void {
    if (this.#end() && this.#at < this.#ceiling) this.#at++;
    this.#tries = 0;
  }

  /** The larger one was lost. */
  failed(): void {
    if (this.#end() && ++this.#tries >= MOST_TRIES) this.#ceiling = this.#at;
  }

  /** Nothing was answered so many times in a row: what is sent anew is smaller, until larger ones pass again. */
  suspect(silences: number): void {
    if (silences >= SUSPECT) this.#at = Math.min(this.#at, silences < SUSPECT_ALL ? FIRST : 0);
  }

  #end(): boolean {
    const was = this.#trying;
    this.#trying = false;
    this.#arrived = 0;
    return was;
  }
}

/** The size for who did not get through with larger ones. */
export const LEAST_PACKET = SIZES[0]!;
