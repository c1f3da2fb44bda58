import { type Endpoint, endpoint } from "../base/mod.ts";
import { type Carrier, TcpCarrier } from "./carrier.ts";

/** Ports tried after the first when it is busy. */
const MORE_PORTS = 9;
/** Pause after a failed accept (no file handles left), so that it does not spin. */
const PAUSE_MS = 200;

/** Takes connections of peers, IPv4 and IPv6 on one port. */
export class PeerListener {
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  #open = true;
  #pause: ReturnType<typeof setTimeout> | null = null;

  /**
   * Listens on `port`, or when it is busy on the first free one of the next nine; 0 is any. Throws the
   * system's error when none can be had.
   */
  static open(port: number, ipv6 = true): PeerListener {
    const last = port === 0 ? 0 : Math.min(65535, port + MORE_PORTS);
    for (let at = port;; at++) {
      try {
        return new PeerListener(listen(at, ipv6));
      } catch (error) {
        if (!(error instanceof Deno.errors.AddrInUse) || at >= last) throw error;
      }
    }
  }

  private constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    this.port = listener.addr.port;
  }

  /** Hands every connection to `take` until closed; never rejects. */
  async run(take: (carrier: Carrier, from: Endpoint) => void): Promise<void> {
    while (this.#open) {
      try {
        const socket = await this.#listener.accept();
        const from = endpoint(socket.remoteAddr.hostname, socket.remoteAddr.port);
        if (from === null || !this.#open) socket.close();
        else take(new TcpCarrier(socket), from);
      } catch {
        // a peer that left before it was accepted, or no file handle left (EMFILE): not the end
        if (this.#open) await this.#rest();
      }
    }
  }

  /** Stops listening. */
  close(): void {
    this.#open = false;
    this.#listener.close();
    this.#wake?.();
  }

  #wake: (() => void) | null = null;

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        if (this.#pause !== null) clearTimeout(this.#pause);
        resolve();
      };
      this.#pause = setTimeout(resolve, PAUSE_MS);
    });
  }
}

/** Both families at once where the system has IPv6 and it is wanted, IPv4 alone otherwise. */
function listen(port: number, ipv6: boolean): Deno.TcpListener {
  try {
    if (ipv6) return Deno.listen({ hostname: "::", port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.NotCapable) {
      throw error;
    }
  }
  return Deno.listen({ hostname: "0.0.0.0", port });
}
