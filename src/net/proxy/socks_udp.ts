import { type Bytes, type Endpoint, endpoint, messageOf } from "../../base/mod.ts";
import { decodeDatagram, encodeDatagram, type ProxyChoice } from "../../proxy/mod.ts";
import { type DatagramSocket, type UdpReceiver, UdpSocket } from "../udp_socket.ts";
import { rest } from "../rest.ts";
import { leaveProxy, talkSocks } from "./socks_connect.ts";

/** For the talk with the proxy. */
const TALK_MS = 15_000;
/** After an association that ended, or never was; doubled each time that nothing came by it. */
const AGAIN_MS = 1_000;
const MOST_AGAIN_MS = 60_000;
/** Packets that wait for the first association. */
const MOST_WAITING = 64;
/**
 * So many packets without any answer, the first of them so long ago, and the association counts as dead: a proxy that lost
 * its power says no more about it than one whose peers are silent. Doubled each time, as they may be.
 */
const UNANSWERED = 3;
const DEAF_MS = 60_000;
const MOST_DEAF_MS = 32 * 60_000;
/** Bytes of an association's connection, where nothing is said. */
const MOST_CHATTER = 4096;
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
  readonly #now: () => number;
  #relay: Endpoint | null = null;
  /** Ends the association; null: there is none. */
  #renew: (() => void) | null = null;
  /** Packets since the last that came, and when the first of them went. */
  #unanswered = 0;
  #unansweredSince = 0;
  #deafMs = DEAF_MS;
  /** Before the next association. */
  #pauseMs = AGAIN_MS;
  #waiting: { readonly packet: Bytes; readonly to: Endpoint }[] = [];
  #warned = false;

  /** `warn` hears once that the proxy carries no UDP. Throws the system's error. */
  constructor(
    proxy: ProxyChoice,
    ipv6: boolean,
    warn: (message: string) => void,
    now = () => performance.now(),
  ) {
    this.#now = now;
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
      this.#unanswered = 0;
      this.#deafMs = DEAF_MS;
      this.#pauseMs = AGAIN_MS;
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
    const now = this.#now();
    if (this.#unanswered++ === 0) this.#unansweredSince = now;
    const deaf = this.#unanswered > UNANSWERED && now - this.#unansweredSince >= this.#deafMs;
    if (!deaf) return;
    this.#deafMs = Math.min(MOST_DEAF_MS, this.#deafMs * 2);
    this.#renew?.();
  }

  /** Keeps an association until closed. */
  async #associate(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      try {
        await this.#hold();
      } catch (error) {
        this.#waiting = [];
        if (!signal.aborted && !this.#warned) {
          this.#warned = true;
          const why = messageOf(error);
          this.#warn(`The proxy carries no UDP (${why}): UDP trackers and the DHT wait for it`);
        }
      }
      const pause = this.#pauseMs;
      this.#pauseMs = Math.min(MOST_AGAIN_MS, pause * 2);
      await rest(pause, signal);
    }
  }

  /** One association, until its connection ends. */
  async #hold(): Promise<void> {
    const { signal } = this.#abort;
    const ended = Promise.withResolvers<void>();
    const late = new AbortController();
    const stop = () => {
      late.abort();
      ended.resolve();
    };
    const timer = setTimeout(stop, TALK_MS);
    signal.addEventListener("abort", stop);
    let socket: Deno.TcpConn | null = null;
    try {
      const request = { command: "associate", target: ANY } as const;
      const way = await talkSocks(this.#proxy, request, late.signal);
      clearTimeout(timer);
      socket = way.socket;
      // at the proxy's own address, whatever it says: packets to another would go beside it
      this.#relay = endpoint(socket.remoteAddr.hostname, way.bound.port);
      if (this.#relay === null) throw new Error("it names no port");
      this.#renew = stop;
      this.#unanswered = 0;
      for (const { packet, to } of this.#waiting.splice(0)) this.send(packet, to);
      // it says nothing more; its end is the association's
      await Promise.race([ended.promise, drain(socket)]);
    } finally {
      clearTimeout(timer);
      this.#relay = this.#renew = null;
      signal.removeEventListener("abort", stop);
      if (socket !== null) leaveProxy(socket);
    }
  }
}

/** Reads to the end, or more than a proxy has to say; never rejects. */
async function drain(socket: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64);
  try {
    for (let total = 0; total < MOST_CHATTER;) {
      const count = await socket.read(buffer);
      if (count === null) return;
      total += count;
    }
  } catch {
    // it broke, which is an end as well
  }
}
