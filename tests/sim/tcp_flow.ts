/** A TCP sender of the simulation, Reno without details: it takes what the queue gives, and halves when it overflows. */
import type { Clock } from "./clock.ts";
import type { Bottleneck } from "./utp_network.ts";

const PACKET = 1_500;

/** Sends for ever over a shared line. */
export class TcpFlow {
  /** Bytes that have passed. */
  passed = 0;
  #window = 10 * PACKET;
  #threshold = Infinity;
  #flying = 0;
  /** Until then a loss belongs to the last one. */
  #recovers = 0;
  #on = true;

  /** `latency`: milliseconds each way beside the line's queue. */
  constructor(readonly clock: Clock, readonly line: Bottleneck, readonly latency: number) {
    this.#fill();
  }

  stop(): void {
    this.#on = false;
  }

  #fill(): void {
    while (this.#on && this.#flying + PACKET <= this.#window) {
      this.#flying += PACKET;
      const waits = this.line.pass(PACKET);
      const answer = waits ?? this.line.wait;
      this.clock.in(answer + 2 * this.latency, () => this.#answered(waits !== null));
    }
  }

  #answered(arrived: boolean): void {
    this.#flying -= PACKET;
    if (arrived) {
      this.passed += PACKET;
      this.#window += this.#window < this.#threshold ? PACKET : PACKET ** 2 / this.#window;
    } else if (this.clock.now >= this.#recovers) {
      this.#window = this.#threshold = Math.max(2 * PACKET, this.#window / 2);
      this.#recovers = this.clock.now + this.line.wait + 2 * this.latency;
    }
    this.#fill();
  }
}
