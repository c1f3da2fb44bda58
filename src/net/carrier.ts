/** Ways to a peer that stand, whoever made them and whatever they go over; a connection is carried by one. */
import type { Endpoint } from "../base/mod.ts";
import type { PeerConnection } from "../wire/mod.ts";
import { type LinkContext, TcpLink } from "./tcp_link.ts";

/** What a peer is reached over. */
export type Transport = "tcp" | "utp";

/** A link that carries a connection. */
export interface CarrierLink {
  /** Carries until the connection ends; never rejects. */
  run(): Promise<void>;
  /** Resolves, after {@linkcode run}, when the system has back what the link held. */
  freed(): Promise<void>;
}

/** A way to a peer that stands and over which nothing was said yet. One of {@linkcode carry} and {@linkcode close} follows. */
export interface Carrier {
  readonly transport: Transport;
  /** The port of our end, as the peer sees it; null: not known (a proxy is between). */
  readonly localPort: number | null;
  /** Makes the link of `connection`, which closes the way when the connection ends. Once. */
  carry(connection: PeerConnection, context: LinkContext): CarrierLink;
  /** Nobody wants the way. */
  close(): void;
}

/** A TCP connection. */
export class TcpCarrier implements Carrier {
  readonly transport = "tcp";
  readonly localPort: number | null;
  readonly #socket: Deno.TcpConn;

  constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    this.localPort = socket.localAddr.port;
  }

  carry(connection: PeerConnection, context: LinkContext): CarrierLink {
    return new TcpLink(this.#socket, connection, context);
  }

  close(): void {
    this.#socket.close();
  }
}

/**
 * Connects to a peer. Rejects with the system's error, and with `signal`'s reason when it is aborted before the
 * connection stands.
 */
export async function dialTcp(
  { host, port }: Endpoint,
  signal: AbortSignal,
): Promise<Carrier> {
  return new TcpCarrier(await Deno.connect({ hostname: host, port, signal }));
}
