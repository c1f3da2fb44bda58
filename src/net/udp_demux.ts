import type { Bytes, Endpoint } from "../base/mod.ts";
import type { DatagramSocket, UdpReceiver } from "./udp_socket.ts";

/** Protocols that share the peers' UDP port. */
export type UdpProtocol = "dht" | "tracker" | "utp";

/** What a user of the shared port needs of it. */
export interface UdpPort {
  readonly port: number;
  /** Whether packets to IPv6 addresses can be sent at all. */
  readonly ipv6: boolean;
  /** True: a name may stand in place of an address, and is looked up at the other end of a proxy. */
  readonly names?: boolean;
  /** Takes the packets of one protocol from now on; null: drops them. The last one named wins. */
  on(protocol: UdpProtocol, receive: UdpReceiver | null): void;
  /** Sends a packet or drops it; never throws. */
  send(packet: Bytes, to: Endpoint): void;
}

/** Sorts what arrives at one socket by the protocol it is for. */
export class UdpDemux implements UdpPort {
  readonly #socket: DatagramSocket;
  readonly #receivers = new Map<UdpProtocol, UdpReceiver>();
  readonly #fault: (error: unknown) => void;

  /** `fault` hears what a receiver throws, which must be a mistake of ours and ends nothing. */
  constructor(socket: DatagramSocket, fault: (error: unknown) => void) {
    this.#socket = socket;
    this.#fault = fault;
  }

  get port(): number {
    return this.#socket.port;
  }

  get ipv6(): boolean {
    return this.#socket.ipv6;
  }

  get names(): boolean {
    return this.#socket.names === true;
  }

  on(protocol: UdpProtocol, receive: UdpReceiver | null): void {
    if (receive === null) this.#receivers.delete(protocol);
    else this.#receivers.set(protocol, receive);
  }

  send(packet: Bytes, to: Endpoint): void {
    this.#socket.send(packet, to);
  }

  /** Sorts packets until closed; never rejects. */
  run(): Promise<void> {
    return this.#socket.run((packet, from) => {
      const protocol = udpProtocol(packet);
      const receive = protocol === null ? undefined : this.#receivers.get(protocol);
      try {
        receive?.(packet, from);
      } catch (error) {
        this.#fault(error);
      }
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/**
 * What a packet is by its first bytes, null for none of ours: a DHT message is a bencoded dictionary (BEP 5), a
 * tracker's answer begins with its action, 0 to 3 in four bytes (BEP 15), a uTP packet with its type, 0 to 4,
 * and version 1 in a byte's halves (BEP 29).
 */
export function udpProtocol(packet: Uint8Array): UdpProtocol | null {
  const first = packet[0];
  if (first === undefined) return null;
  if (first === 0x64) return "dht";
  if (first === 0) {
    return packet[1] === 0 && packet[2] === 0 && packet[3]! <= 3 ? "tracker" : null;
  }
  return (first & 0x0f) === 1 && first >> 4 <= 4 ? "utp" : null;
}
