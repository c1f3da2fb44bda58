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

/** Finds peers of our torrents in our own network and lets them find us (BEP 14), over multicast where there is any. */
export class LocalDiscovery {
  readonly #context: LsdContext;
  readonly #state: LsdState;
  readonly #sockets = new Map<LsdFamily, Deno.DatagramConn>();
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
      for (const [family, socket] of this.#sockets) {
        const { host: hostname, port } = LSD_GROUPS[family];
        // a network that is gone for a while is no news, and the next call comes
        socket.send(packet(family), { transport: "udp", hostname, port }).catch(() => {});
      }
    }
  }

  /** Ends it; resolves when the sockets are given back. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#opening;
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    for (const wake of this.#pauses) wake();
    await Promise.all(this.#running);
  }

  async #openAll(): Promise<void> {
    const families: LsdFamily[] = this.#context.ipv6 ? ["ipv4", "ipv6"] : ["ipv4"];
    for (const family of families) {
      try {
        const socket = await join(family);
        if (!this.#open) return socket.close();
        this.#sockets.set(family, socket);
        this.#running.push(this.#run(socket));
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

/** A socket that hears the group, beside other programs that do; rejects where there is no multicast. */
async function join(family: LsdFamily): Promise<Deno.DatagramConn> {
  const { host, port } = LSD_GROUPS[family];
  const socket = listen(host, family === "ipv4" ? "0.0.0.0" : "::", port);
  try {
    if (family === "ipv4") {
      const membership = await socket.joinMulticastV4(host, "0.0.0.0");
      await membership.setTTL(TTL);
      // another program on this machine may be a peer
      await membership.setLoopback(true);
    } else {
      const membership = await socket.joinMulticastV6(host, 0);
      await membership.setLoopback(true);
    }
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
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
