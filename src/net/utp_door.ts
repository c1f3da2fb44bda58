import type { Bytes, Endpoint } from "../base/mod.ts";
import type { UdpPort } from "./udp_demux.ts";
import type { UtpContext, UtpSocket } from "./utp_socket.ts";
import type { UtpStream } from "./utp_stream.ts";

/** Packets kept while the code is loaded. */
const MOST_EARLY = 64;

/** uTP on the shared UDP port. The code for it is loaded with the first packet or call: most runs need none. */
export class UtpDoor {
  readonly #udp: UdpPort;
  readonly #context: UtpContext;
  #loading: Promise<UtpSocket> | null = null;
  #socket: UtpSocket | null = null;
  readonly #early: { readonly packet: Bytes; readonly from: Endpoint }[] = [];
  #open = true;

  /** Takes the port's uTP packets from now on. */
  constructor(udp: UdpPort, context: UtpContext) {
    this.#udp = udp;
    this.#context = context;
    udp.on("utp", (packet, from) => this.#receive(packet, from));
  }

  /** Whether there may be a way to an address. */
  reaches({ host }: Endpoint): boolean {
    return this.#udp.ipv6 || !host.includes(":");
  }

  /** Calls a peer. Rejects with `UtpError`, or with the reason of `signal`. */
  async dial(to: Endpoint, signal: AbortSignal): Promise<UtpStream> {
    const socket = this.#socket ?? await this.#load();
    return await socket.dial(to, signal);
  }

  /** Ends all connections; peers are told. */
  close(): void {
    this.#open = false;
    this.#udp.on("utp", null);
    this.#socket?.close();
  }

  #receive(packet: Bytes, from: Endpoint): void {
    if (this.#socket !== null) return this.#socket.receive(packet, from);
    if (this.#early.length < MOST_EARLY) this.#early.push({ packet, from });
    if (this.#loading === null) this.#load().catch(this.#context.fault);
  }

  #load(): Promise<UtpSocket> {
    return this.#loading ??= (async () => {
      const { UtpSocket } = await import("./utp_socket.ts");
      const socket = new UtpSocket(this.#udp, this.#context);
      this.#socket = socket;
      if (!this.#open) socket.close();
      for (const { packet, from } of this.#early.splice(0)) socket.receive(packet, from);
      return socket;
    })();
  }
}
