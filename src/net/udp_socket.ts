import { type Bytes, type Endpoint, endpoint } from "../base/mod.ts";

/** Bytes of the largest UDP packet; the runtime's own buffer would cut at 1,024. */
const MAX_PACKET = 65_535;
/** Packets handed to the system and not yet taken by it; more are dropped, as a full wire would. */
const MAX_IN_FLIGHT = 512;
/** Pause after a receive that failed for no reason of the network's, so that it does not spin. */
const PAUSE_MS = 200;

/** Takes a packet, which is the callee's to keep, and whom it came from: IPv4 as IPv4, never mapped. */
export type UdpReceiver = (packet: Bytes, from: Endpoint) => void;

/** Every family that the system has, or IPv4 alone. */
export type UdpFamily = "any" | "ipv4";

/** What UDP is spoken over: a socket of ours, or a proxy's. */
export interface DatagramSocket {
  readonly port: number;
  readonly ipv6: boolean;
  /** See `UdpPort.names`. */
  readonly names?: boolean;
  /** Hands every packet to `receive` until closed. */
  run(receive: UdpReceiver): Promise<void>;
  /** Sends a packet or drops it. */
  send(packet: Bytes, to: Endpoint): void;
  /** Ends the run. */
  close(): void;
}

/** One UDP socket for everything that speaks UDP: trackers, DHT and uTP share the peers' port. */
export class UdpSocket implements DatagramSocket {
  readonly port: number;
  /** Whether IPv6 can be spoken at all; a route to it may still be missing. */
  readonly ipv6: boolean;
  readonly #socket: Deno.DatagramConn;
  #open = true;
  #inFlight = 0;
  /** The address of the last packet, as the system writes it and as we do. */
  #last: { readonly hostname: string; readonly host: string } | null = null;
  #wake: (() => void) | null = null;

  /**
   * Opens a socket on `port`, 0 for any. With `any` both families share it where the system has IPv6. Throws
   * the system's error, `AddrInUse` when the port is another's.
   */
  static open(port: number, family: UdpFamily = "any"): UdpSocket {
    if (family === "ipv4") return new UdpSocket(listen("0.0.0.0", port), false);
    try {
      return new UdpSocket(listen("::", port), true);
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.NotCapable) {
        throw error;
      }
      return new UdpSocket(listen("0.0.0.0", port), false);
    }
  }

  /** A socket on one address of this machine, for servers. Throws the system's error. */
  static bind(hostname: string, port: number): UdpSocket {
    return new UdpSocket(listen(hostname, port), hostname.includes(":"));
  }

  private constructor(socket: Deno.DatagramConn, ipv6: boolean) {
    this.#socket = socket;
    this.port = (socket.addr as Deno.NetAddr).port;
    this.ipv6 = ipv6;
  }

  /** Hands every packet to `receive` until closed. Rejects only with what `receive` throws. */
  async run(receive: UdpReceiver): Promise<void> {
    const buffer = new Uint8Array(MAX_PACKET);
    while (this.#open) {
      const met = await this.#next(buffer);
      if (met === null || !this.#open) continue;
      const from = this.#place(met.from);
      if (from !== null) receive(met.packet.slice(), from);
    }
  }

  /** Sends a packet or drops it: nobody is told, as UDP's sender must expect the loss of any packet. */
  send(packet: Bytes, { host, port }: Endpoint): void {
    const family = host.includes(":") ? "ipv6" : "ipv4";
    if (!this.#open || this.#inFlight >= MAX_IN_FLIGHT) return;
    if (family === "ipv6" && !this.ipv6) return;
    // a socket of both families takes IPv4 in its IPv6 spelling, on every system
    const hostname = family === "ipv4" && this.ipv6 ? `::ffff:${host}` : host;
    this.#inFlight++;
    const done = () => void this.#inFlight--;
    this.#socket.send(packet, { transport: "udp", hostname, port }).then(done, done);
  }

  /** Ends the run; packets on their way may be lost. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#socket.close();
    this.#wake?.();
  }

  /** Where a packet is from. Most are from where the last one was, and its address need not be read again. */
  #place({ hostname, port }: Deno.NetAddr): Endpoint | null {
    const last = this.#last;
    if (last !== null && last.hostname === hostname && port > 0) return { host: last.host, port };
    const place = endpoint(hostname, port);
    if (place !== null) this.#last = { hostname, host: place.host };
    return place;
  }

  /** The next packet, null when there was none but an error that the socket survives. */
  async #next(buffer: Bytes): Promise<{ packet: Bytes; from: Deno.NetAddr } | null> {
    try {
      const [packet, from] = await this.#socket.receive(buffer);
      return { packet: packet as Bytes, from: from as Deno.NetAddr };
    } catch (error) {
      // somebody we sent to is not there, which some systems report here
      const bounced = error instanceof Deno.errors.ConnectionRefused ||
        error instanceof Deno.errors.ConnectionReset;
      if (this.#open && !bounced) await this.#rest();
      return null;
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function listen(hostname: string, port: number): Deno.DatagramConn {
  return Deno.listenDatagram({ transport: "udp", hostname, port });
}
