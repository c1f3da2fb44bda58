/** Bytes that may still come; several may share one, each besides its own. */
export class Budget {
  /** Told whenever something came and nothing is left. */
  usedUp: () => void = () => {};
  readonly #common: Budget | null;
  #left: number;
  #promised = 0;

  /** `bytes` may come, Infinity for no end; of `common`, too, where there is one. */
  constructor(bytes: number, common: Budget | null = null) {
    this.#left = bytes;
    this.#common = common;
  }

  /** Bytes that may still come; negative when more came. */
  get left(): number {
    return Math.min(this.#left, this.#common?.left ?? Infinity);
  }

  /** Bytes that were asked for and have not come. */
  get promised(): number {
    return Math.max(this.#promised, this.#common?.promised ?? 0);
  }

  /** Of `unit` bytes, how many more may be asked for. The last one may be more than what is left. */
  room(unit: number): number {
    const own = roomOf(this.#left, this.#promised, unit);
    return this.#common === null ? own : Math.min(own, this.#common.room(unit));
  }

  /** From now on `bytes` may come. */
  set(bytes: number): void {
    this.#left = bytes;
  }

  /** `bytes` more were asked for; negative: they came, or will not. */
  promise(bytes: number): void {
    this.#promised += bytes;
    this.#common?.promise(bytes);
  }

  /** `bytes` came. */
  spend(bytes: number): void {
    this.#left -= bytes;
    this.#common?.spend(bytes);
    if (this.left <= 0) this.usedUp();
  }
}

function roomOf(left: number, promised: number, unit: number): number {
  if (left === Infinity) return Infinity;
  if (left <= 0) return 0;
  return Math.max(Math.floor((left - promised) / unit), promised > 0 ? 0 : 1);
}
