import type { Endpoint } from "../../base/mod.ts";
import {
  type ProxyChoice,
  ProxyError,
  type SocksAddress,
  type SocksRequest,
  SocksTalk,
} from "../../proxy/mod.ts";
import { type Carrier, TcpCarrier } from "../carrier.ts";
import { reasonOf } from "../tcp_link.ts";

/** What a talk with a proxy led to. */
export interface SocksWay {
  readonly socket: Deno.TcpConn;
  /** Where the proxy stands for us. */
  readonly bound: SocksAddress;
}

/** A connection to a peer, through the proxy. Rejects with `ProxyError`, or `signal`'s reason where the peer takes too long. */
export async function dialSocks(
  proxy: ProxyChoice,
  { host, port }: Endpoint,
  signal: AbortSignal,
): Promise<Carrier> {
  const request = { command: "connect", target: { host, port } } as const;
  const { socket } = await talkSocks(proxy, request, signal);
  return new ProxiedCarrier(socket);
}

/** Talks with a SOCKS 5 proxy until it carries us; rejects as {@linkcode dialSocks}. */
export async function talkSocks(
  { host, port, user, password }: ProxyChoice,
  request: Pick<SocksRequest, "command" | "target">,
  signal: AbortSignal,
): Promise<SocksWay> {
  let socket: Deno.TcpConn;
  try {
    socket = await Deno.connect({ hostname: host, port, signal });
  } catch (error) {
    if (signal.aborted) throw silent();
    throw new ProxyError("unreachable", `The proxy cannot be reached: ${reasonOf(error)}`);
  }
  const talk = new SocksTalk({ ...request, user, password });
  // closing does not end a read that waits (Deno 2.8), so nobody may wait for the read alone
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const stop = () => late.reject(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    await Promise.race([send(socket, talk.begin()), late.promise]);
    while (talk.wanted > 0) {
      const buffer = new Uint8Array(talk.wanted);
      const count = await Promise.race([socket.read(buffer), late.promise]);
      if (count === null) throw new ProxyError("unreachable", "The proxy hung up");
      const answer = talk.receive(buffer.subarray(0, count));
      if (answer !== null) await Promise.race([send(socket, answer), late.promise]);
    }
    signal.throwIfAborted();
    return { socket, bound: talk.bound! };
  } catch (error) {
    leaveProxy(socket);
    // who does not answer is the proxy, or whom it looks for
    if (signal.aborted) throw talk.asked ? signal.reason : silent();
    if (error instanceof ProxyError) throw error;
    throw new ProxyError("unreachable", `The proxy hung up: ${reasonOf(error)}`);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** A connection whose end is the proxy's, so the peer does not see our port. */
class ProxiedCarrier extends TcpCarrier {
  override readonly localPort = null;
}

function silent(): ProxyError {
  return new ProxyError("silent", "The proxy does not answer in time");
}

async function send(socket: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await socket.write(rest));
}

/** Closes a connection with a proxy, where a read may wait: the proxy hears of the end by itself, and frees it. */
export function leaveProxy(socket: Deno.TcpConn): void {
  try {
    socket.closeWrite().catch(() => {});
    socket.close();
  } catch {
    // closed already
  }
}
