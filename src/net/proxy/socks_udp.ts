import { type Bytes, type Endpoint, endpoint, messageOf } from "../../base/mod.ts";
import { decodeDatagram, encodeDatagram, type ProxyChoice } from "../../proxy/mod.ts";
import { type DatagramSocket, type UdpReceiver, UdpSocket } from "../udp_socket.ts";
import { rest } from "../rest.ts";
import { leaveProxy, talkSocks } from "./socks_connect.ts";

/** For the talk with the proxy. */
const TALK_MS = 15_000;
/** After an association that ended, or never was; doubled each time. */
const AGAIN_MS = 1_000;
const MOST_AGAIN_MS = 60_000;
/** Packets that wait for the first association. */
const MOST_WAITING = 64;
const ANY = { host: "0.0.0.0", port: 0 };

/**
 * UDP through a SOCKS 5 proxy (RFC 1928, 7): packets go to the proxy's relay and come from there, and from nowhere else.
 * Without an association, and while it is made anew, packets are lost, as UDP's may be.
 */
export class SocksUdpSocket implements DatagramSocket {
  readonly names = true;
  readonly ipv6: boolean;
  readonly #proxy: ProxyChoice;
  readonly #socket: UdpSocket;
  readonly #warn: (message: string) => void;
  readonly #abort = new AbortController();
  #relay: Endpoint | null = null;
  #waiting: { readonly packet: Bytes; readonly to: Endpoint }[] = [];
  #warned = false;

  /** `warn` hears once that the proxy carries no UDP. Throws the system's error. */
  constructor(proxy: ProxyChoice, ipv6: boolean, warn: (message: string) => void) {
    this.#proxy = proxy;
    this.ipv6 = ipv6;
    this.#warn = warn;
    this.#socket = UdpSocket.open(0);
  }

  /** Of our own end, which nobody but the proxy can reach. */
  get port(): number {
    return this.#socket.port;
  }

  async run(receive: UdpReceiver): Promise<void> {
    const associating = this.#associate();
    await this.#socket.run((bytes, from) => {
      const relay = this.#relay;
      if (relay === null || from.host !== relay.host || from.port !== relay.port) return;
      const datagram = decodeDatagram(bytes);
      const peer = datagram === null ? null : endpoint(datagram.peer.host, datagram.peer.port);
      if (datagram !== null && peer !== null) receive(datagram.packet, peer);
    });
    await associating;
  }

  send(packet: Bytes, to: Endpoint): void {
    if (this.#relay !== null) return this.#forward(packet, to, this.#relay);
    if (!this.#warned && this.#waiting.length < MOST_WAITING) this.#waiting.push({ packet, to });
  }

  close(): void {
    this.#abort.abort();
    this.#socket.close();
  }

  #forward(packet: Bytes, peer: Endpoint, relay: Endpoint): void {
    this.#socket.send(encodeDatagram({ peer, packet }), relay);
  }

  /** Keeps an association until closed. */
  async #associate(): Promise<void> {
    const { signal } = this.#abort;
    let pause = AGAIN_MS;
    while (!signal.aborted) {
      try {
        await this.#hold(() => pause = AGAIN_MS);
      } catch (error) {
        this.#waiting = [];
        if (!signal.aborted && !this.#warned) {
          this.#warned = true;
          const why = messageOf(error);
          this.#warn(`The proxy carries no UDP (${why}): UDP trackers and the DHT wait for it`);
        }
      }
      await rest(pause, signal);
      pause = Math.min(MOST_AGAIN_MS, pause * 2);
    }
  }

  /** One association, until its connection ends. */
  async #hold(works: () => void): Promise<void> {
    const { signal } = this.#abort;
    const late = new AbortController();
    const stop = () => late.abort();
    const timer = setTimeout(stop, TALK_MS);
    signal.addEventListener("abort", stop);
    let socket: Deno.TcpConn | null = null;
    const ended = Promise.withResolvers<void>();
    try {
      const request = { command: "associate", target: ANY } as const;
      const way = await talkSocks(this.#proxy, request, late.signal);
      clearTimeout(timer);
      socket = way.socket;
      signal.addEventListener("abort", () => ended.resolve());
      if (signal.aborted) return;
      // at the proxy's own address, whatever it says: packets to another would go beside it
      this.#relay = endpoint(socket.remoteAddr.hostname, way.bound.port);
      if (this.#relay === null) throw new Error("it names no port");
      works();
      for (const { packet, to } of this.#waiting.splice(0)) this.send(packet, to);
      // it says nothing more; its end is the association's
      await Promise.race([ended.promise, drain(socket)]);
    } finally {
      clearTimeout(timer);
      this.#relay = null;
      signal.removeEventListener("abort", stop);
      if (socket !== null) leaveProxy(socket);
    }
  }
}

/** Reads to the end; never rejects. */
async function drain(socket: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64);
  try {
    while (await socket.read(buffer) !== null);
  } catch {
    // it broke, which is an end as well
  }
}
