/** Lets a thread that works without end answer its messages: at most 8 ms go by between two pauses. */
export class Breather {
  #last = performance.now();

  /** Returns at once, or after the messages that wait were handled. */
  async pause(): Promise<void> {
    if (performance.now() - this.#last < 8) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#last = performance.now();
  }
}
