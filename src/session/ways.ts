import type { Endpoint } from "../base/mod.ts";
import { type Carrier, dialTcp, type Transport, UtpCarrier, type UtpDoor } from "../net/mod.ts";

/** Makes a connection over TCP. */
export type DialTcp = (endpoint: Endpoint, signal: AbortSignal) => Promise<Carrier>;

/** How long is waited, in milliseconds. */
export interface WaysPatience {
  /** TCP has so long alone. It is the faster one here, and most peers have both. */
  readonly headStart: number;
  /** After TCP failed over uTP: somebody is there, who answers soon or not at all. */
  readonly afterFailure: number;
  /**
   * When uTP stands, TCP has so long to succeed or fail by itself: a connection that is aborted in the moment it
   * succeeds leaves its socket open for good (Deno 2.8, 2.9), and the peer waits at the other end.
   */
  readonly grace: number;
}

const PATIENCE: WaysPatience = { headStart: 1_000, afterFailure: 3_000, grace: 250 };

/** Where ways lead from. One of TCP and uTP at least. */
export interface WaysFrom {
  readonly tcp: boolean;
  readonly utp: Pick<UtpDoor, "reaches" | "dial"> | null;
  /** How TCP is dialled, through a proxy perhaps; by default directly. */
  readonly dial?: DialTcp;
  /** Told of what goes on behind a way that stands, and ends soon; it never rejects. */
  readonly track: (work: Promise<unknown>) => void;
  readonly patience?: WaysPatience;
}

/** Makes ways to peers, over what is switched on. */
export class Ways {
  readonly #from: WaysFrom;
  readonly #dial: DialTcp;
  readonly #patience: WaysPatience;

  constructor(from: WaysFrom) {
    this.#from = from;
    this.#dial = from.dial ?? dialTcp;
    this.#patience = from.patience ?? PATIENCE;
  }

  /**
   * Makes a way to `endpoint`: with `tcp` over uTP too when TCP is not answered soon, over whichever stands first; with
   * `utp` over that alone. Rejects with the system's error or a `UtpError`, of TCP where both fail, and with the reason
   * of `signal`. `eased` is called when TCP has failed and a few packets of uTP are all that goes on.
   */
  dial(
    endpoint: Endpoint,
    transport: Transport,
    signal: AbortSignal,
    eased: () => void = () => {},
  ): Promise<Carrier> {
    const { tcp, utp: door } = this.#from;
    const utp = door?.reaches(endpoint) ? door : null;
    if (tcp && utp === null) return this.#dial(endpoint, signal);
    if (utp === null) {
      const { host } = endpoint;
      return Promise.reject(new Deno.errors.NetworkUnreachable(`No way to ${host} but TCP`));
    }
    if (!tcp || transport === "utp") return callUtp(utp, endpoint, signal);
    const call = (signal: AbortSignal) => callUtp(utp, endpoint, signal);
    return this.#either(endpoint, call, signal, eased);
  }

  async #either(
    endpoint: Endpoint,
    call: (signal: AbortSignal) => Promise<Carrier>,
    signal: AbortSignal,
    eased: () => void,
  ): Promise<Carrier> {
    const { headStart, afterFailure, grace } = this.#patience;
    const [overTcp, overUtp] = [new AbortController(), new AbortController()];
    const first = this.#dial(endpoint, AbortSignal.any([signal, overTcp.signal]));
    if (await stands(first, headStart) || signal.aborted) return first;
    const second = call(AbortSignal.any([signal, overUtp.signal]));
    let late: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    first.catch(() => {
      if (over) return;
      late = setTimeout(() => overUtp.abort(), afterFailure);
      eased();
    });
    try {
      const carrier = await Promise.any([first, second]);
      if (carrier.transport === "tcp") this.#leave(second, overUtp, 0);
      else this.#leave(first, overTcp, grace);
      return carrier;
    } catch {
      // what TCP said is what people know
      return await first;
    } finally {
      over = true;
      clearTimeout(late);
    }
  }

  /** The other way stands: nobody wants this one, which is ended after `grace`, or when it stands. */
  #leave(dial: Promise<Carrier>, abort: AbortController, grace: number): void {
    const timer = setTimeout(() => abort.abort(), grace);
    this.#from.track(
      dial.then((carrier) => carrier.close(), () => {}).finally(() => clearTimeout(timer)),
    );
  }
}

async function callUtp(
  utp: Pick<UtpDoor, "dial">,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<Carrier> {
  return new UtpCarrier(await utp.dial(endpoint, signal));
}

/** True when a dial succeeds within `ms`, false when it fails or lasts longer. */
async function stands(dial: Promise<Carrier>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([dial.then(() => true, () => false), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
