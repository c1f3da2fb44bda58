import { digest, payloadBytes, sizeOnDisk } from "./payload.ts";
import type { Payload } from "./scenario.ts";

/** The payload as it was written, for what programs make of it to be compared with. */
export class Original {
  readonly #payload: Payload;
  readonly #folder: string;
  readonly #signal: AbortSignal;
  #digest: string | undefined;

  /** `folder` holds the payload. */
  constructor(payload: Payload, folder: string, signal: AbortSignal) {
    this.#payload = payload;
    this.#folder = folder;
    this.#signal = signal;
  }

  /** Throws unless `folder` holds a copy by `name`: sizes each time, contents in the first round, as they take as long as a download. */
  async expect(folder: string, name: string, round: number): Promise<void> {
    const wanted = payloadBytes(this.#payload);
    const size = await sizeOnDisk(this.#payload, folder);
    if (size !== wanted) throw new Error(`Expected ${wanted} bytes from ${name}, got ${size}`);
    if (round > 0) return;
    this.#digest ??= await digest(this.#payload, this.#folder, this.#signal);
    if (await digest(this.#payload, folder, this.#signal) === this.#digest) return;
    throw new Error(`Expected ${name} to write the payload, got another SHA-256`);
  }
}
