import { type Bytes, type Endpoint, type Random, randomBytes, toHex } from "../../base/mod.ts";
import { decodeMessage, encodeMessage, randomId } from "../../dht/mod.ts";

/** Names that are asked and have not answered. */
const MOST_ASKED = 32;
/** Bytes of a question's number: nobody guesses them. */
const NUMBER_BYTES = 8;

/**
 * Nodes that are known by a name only, where names are looked up at the other end of a proxy: they are asked by name, and
 * taken in at the address that answers.
 */
export class NameEntry {
  readonly #random: Random;
  readonly #asked = new Set<string>();

  constructor(random: Random) {
    this.#random = random;
  }

  /** What to send to a name. */
  question(): Bytes {
    const transaction = randomBytes(NUMBER_BYTES, this.#random);
    this.#asked.add(toHex(transaction));
    for (const oldest of this.#asked) {
      if (this.#asked.size <= MOST_ASKED) break;
      this.#asked.delete(oldest);
    }
    const id = randomId(this.#random);
    return encodeMessage({
      type: "query",
      id,
      query: { method: "ping" },
      readOnly: true,
      transaction,
    });
  }

  /** True for an answer to one of the questions: who sent it is the node. */
  answers(packet: Bytes, _from: Endpoint): boolean {
    if (this.#asked.size === 0) return false;
    try {
      const message = decodeMessage(packet);
      return message.type === "answer" && this.#asked.delete(toHex(message.transaction));
    } catch {
      return false;
    }
  }
}
