import {
  type Bytes,
  type Endpoint,
  endpoint,
  endpointScope,
  type InfoHash,
  messageOf,
  type Millis,
  type Random,
} from "../base/mod.ts";
import { LSD_GROUPS, type LsdFamily } from "./lsd_message.ts";
import { type LsdHeard, LsdState } from "./lsd_state.ts";

/** Pause after a receive that failed, so that it does not spin. */
const PAUSE_MS = 200;
/** Routers between a packet and its hearers: none, it stays in our own network. */
const TTL = 1;
const LOOPBACK = "127.0.0.1";

/** What local discovery needs of its session. */
export interface LsdContext {
  /** Where we take connections, null: nowhere. */
  readonly port: number | null;
  readonly ipv6: boolean;
  readonly random: Random;
  readonly now: () => Millis;
  /** There may be something to call out sooner than was said. */
  readonly wake: () => void;
  /** A family cannot be used, and why: no multicast here, another program has the port. */
  readonly unavailable: (family: LsdFamily, reason: string) => void;
}

/** What one address family is heard and called out by: often the same socket. */
interface Ear {
  readonly socket: Deno.DatagramConn;
  readonly mouth: Deno.DatagramConn;
}

/** Finds peers of our torrents in our own network and lets them find us (BEP 14), over multicast where there is any. */
export class LocalDiscovery {
  readonly #context: LsdContext;
  readonly #state: LsdState;
  readonly #sockets = new Map<LsdFamily, Ear>();
  #opening: Promise<void> | null = null;
  #running: Promise<void>[] = [];
  #open = true;
  readonly #pauses = new Set<() => void>();

  constructor(context: LsdContext) {
    this.#context = context;
    this.#state = new LsdState(context.port, context.random);
  }

  /** Looks for peers of a torrent; sockets are opened for the first one. */
  add(torrent: InfoHash, heard: LsdHeard): void {
    this.#state.add(torrent, heard);
    this.#opening ??= this.#openAll();
  }

  /** The torrent is over. */
  remove(torrent: InfoHash): void {
    this.#state.remove(torrent);
  }

  /** When {@linkcode tick} wants to be called. */
  nextDeadline(): number {
    return this.#sockets.size === 0 ? Infinity : this.#state.nextDeadline();
  }

  /** Calls out what is due. */
  tick(now: Millis): void {
    if (this.#sockets.size === 0) return;
    for (const packet of this.#state.due(now)) {
      for (const [family, { mouth }] of this.#sockets) {
        const { host: hostname, port } = LSD_GROUPS[family];
        // a network that is gone for a while is no news, and the next call comes
        mouth.send(packet(family), { transport: "udp", hostname, port }).catch(() => {});
      }
    }
  }

  /** Ends it; resolves when the sockets are given back. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#opening;
    for (const ear of this.#sockets.values()) close(ear);
    this.#sockets.clear();
    for (const wake of this.#pauses) wake();
    await Promise.all(this.#running);
  }

  async #openAll(): Promise<void> {
    const families: LsdFamily[] = this.#context.ipv6 ? ["ipv4", "ipv6"] : ["ipv4"];
    for (const family of families) {
      try {
        const ear = await join(family);
        if (!this.#open) return close(ear);
        this.#sockets.set(family, ear);
        this.#running.push(this.#run(ear.socket));
      } catch (error) {
        this.#context.unavailable(family, messageOf(error));
      }
    }
    this.#context.wake();
  }

  async #run(socket: Deno.DatagramConn): Promise<void> {
    const { now, wake } = this.#context;
    // one byte more than any packet may have: what is longer is seen to be
    const buffer = new Uint8Array(1401);
    while (this.#open) {
      try {
        const [packet, address] = await socket.receive(buffer);
        const { hostname, port } = address as Deno.NetAddr;
        const from = endpoint(hostname, port);
        if (from === null || !isNear(from)) continue;
        this.#state.received(packet as Bytes, from, now());
        wake();
      } catch {
        if (this.#open) await this.#rest();
      }
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, PAUSE_MS);
      this.#pauses.add(wake);
    });
  }
}

/** A packet from a public address did not come from our own network, whatever it came through. */
function isNear(from: Endpoint): boolean {
  return endpointScope(from) !== "public";
}

/** Hears the group, beside other programs that do; rejects where there is no multicast. */
async function join(family: LsdFamily): Promise<Ear> {
  const { host, port } = LSD_GROUPS[family];
  const socket = listen(host, family === "ipv4" ? "0.0.0.0" : "::", port);
  try {
    if (family === "ipv4") return { socket, mouth: await joinV4(socket, host) };
    const membership = await socket.joinMulticastV6(host, 0);
    await membership.setLoopback(true);
    return { socket, mouth: socket };
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Joins the group; answers what to send to it by. */
async function joinV4(socket: Deno.DatagramConn, group: string): Promise<Deno.DatagramConn> {
  let membership: Deno.MulticastV4Membership;
  try {
    membership = await socket.joinMulticastV4(group, "0.0.0.0");
  } catch (error) {
    // Without any network there is still this machine, and another program on it may be a peer. No route leads to the
    // group then, but what comes from the loopback address stays on its interface.
    await socket.joinMulticastV4(group, LOOPBACK).catch(() => {
      throw error;
    });
    return Deno.listenDatagram({ transport: "udp", hostname: LOOPBACK, port: 0 });
  }
  await membership.setTTL(TTL);
  // another program on this machine may be a peer
  await membership.setLoopback(true);
  return socket;
}

function close({ socket, mouth }: Ear): void {
  socket.close();
  if (mouth !== socket) mouth.close();
}

/** Bound to the group itself, where the system knows how: then nothing sent to us alone from afar gets in. */
function listen(group: string, any: string, port: number): Deno.DatagramConn {
  const open = (hostname: string) =>
    Deno.listenDatagram({ transport: "udp", hostname, port, reuseAddress: true, loopback: true });
  try {
    return open(group);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return open(any);
  }
}
