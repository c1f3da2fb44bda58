import type { Endpoint } from "../base/mod.ts";
import { type Carrier, dialTcp, type Transport, UtpCarrier, type UtpDoor } from "../net/mod.ts";

/** TCP has so long alone. It is the faster one here, and most peers have both. */
const HEAD_START_MS = 1_000;
/** After TCP was refused somebody is there, who answers soon or not at all. */
const AFTER_REFUSAL_MS = 3_000;

/** Makes a connection over TCP. */
export type DialTcp = (endpoint: Endpoint, signal: AbortSignal) => Promise<Carrier>;

/** Makes ways to peers, over what is switched on. */
export class Ways {
  readonly #tcp: boolean;
  readonly #utp: UtpDoor | null;
  readonly #dial: DialTcp;

  /** One of both at least. `dial`: how TCP is dialled, through a proxy perhaps. */
  constructor(tcp: boolean, utp: UtpDoor | null, dial: DialTcp = dialTcp) {
    this.#dial = dial;
    this.#tcp = tcp;
    this.#utp = utp;
  }

  /**
   * Makes a way to `endpoint`: with `tcp` over uTP too when TCP is not answered soon, over whichever stands first; with
   * `utp` over that alone. Rejects with the system's error or a `UtpError`, of TCP where both fail, and with the reason
   * of `signal`.
   */
  dial(endpoint: Endpoint, transport: Transport, signal: AbortSignal): Promise<Carrier> {
    const utp = this.#utp?.reaches(endpoint) ? this.#utp : null;
    if (this.#tcp && utp === null) return this.#dial(endpoint, signal);
    if (utp === null) {
      const { host } = endpoint;
      return Promise.reject(new Deno.errors.NetworkUnreachable(`No way to ${host} but TCP`));
    }
    if (this.#tcp && transport === "tcp") return this.#either(utp, endpoint, signal);
    return callUtp(utp, endpoint, signal);
  }

  async #either(utp: UtpDoor, endpoint: Endpoint, signal: AbortSignal): Promise<Carrier> {
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    const first = this.#dial(endpoint, both);
    const head = await settled(first, HEAD_START_MS);
    if (head === "stands") return first;
    const refused = head === "failed";
    const late = refused ? setTimeout(() => over.abort(), AFTER_REFUSAL_MS) : undefined;
    const second = signal.aborted ? first : callUtp(utp, endpoint, both);
    try {
      const carrier = await Promise.any([first, second]);
      for (const each of [first, second]) {
        each.then((other) => other === carrier ? undefined : other.close(), () => {});
      }
      return carrier;
    } catch {
      // what TCP said is what people know
      return await first;
    } finally {
      clearTimeout(late);
      over.abort();
    }
  }
}

async function callUtp(utp: UtpDoor, endpoint: Endpoint, signal: AbortSignal): Promise<Carrier> {
  return new UtpCarrier(await utp.dial(endpoint, signal));
}

/** What became of a dial within `ms`. */
async function settled(dial: Promise<Carrier>, ms: number): Promise<"stands" | "failed" | "open"> {
  const { promise, resolve } = Promise.withResolvers<"open">();
  const timer = setTimeout(() => resolve("open"), ms);
  try {
    return await Promise.race([
      dial.then(() => "stands" as const, () => "failed" as const),
      promise,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
