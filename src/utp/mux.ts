import { type Bytes, type Endpoint, holderOf, type Millis, type Random } from "../base/mod.ts";
import { UtpConnection } from "./connection.ts";
import { InboxMemory } from "./inbox_memory.ts";
import { Looks } from "./looks.ts";
import { decodePacket, encodePacket, PacketType, type UtpPacket } from "./packet.ts";
import { LEAST_PACKET, PacketSize } from "./packet_size.ts";
import type { ConnectionPort, UtpEnd, UtpPort, UtpUser } from "./ports.ts";
import { microseconds } from "./sequence.ts";

/** Callers that have not shown yet that they are where they say; the oldest gives way. */
const MOST_CALLERS = 128;
/** Of them from one public address, of which the oldest gives way before anybody else's does. */
const MOST_OF_ONE = 16;
/** For a caller to say something. */
const CALLER_MS = 8_000;
/** Connections that wait for the peer to hear of their end; the oldest is given up. */
const MOST_CLOSING = 256;
/** Answers a second to packets of connections that are none. */
const RESETS_A_SECOND = 32;
/** Addresses that are remembered to need small packets. */
const MOST_SMALL = 256;
/** Bytes of what was heard that all connections keep together; a little more, when there are very many. */
const MOST_HEARD = 32 * 1024 * 1024;
/** Ids that are tried for a call until one is free. */
const MOST_TRIES = 16;

/** Who called: the time it has, and whose address it is. */
interface Caller {
  readonly until: number;
  readonly holder: string;
}

/** All uTP connections of one UDP socket, found by the peer's address and the connection's id. Nothing here costs anything while there are none. */
export class UtpMux {
  readonly #port: UtpPort;
  readonly #random: Random;
  readonly #byId = new Map<number, UtpConnection[]>();
  readonly #all = new Set<UtpConnection>();
  /** Those who called and have said nothing since. */
  readonly #callers = new Map<UtpConnection, Caller>();
  readonly #closing = new Set<UtpConnection>();
  readonly #touched = new Set<UtpConnection>();
  readonly #small = new Set<string>();
  readonly #memory = new InboxMemory(MOST_HEARD);
  readonly #looks = new Looks();
  #resets = RESETS_A_SECOND;
  #resetsAt = -Infinity;
  #planned = Infinity;
  #stopped = false;

  constructor(port: UtpPort, random: Random) {
    this.#port = port;
    this.#random = random;
  }

  /** Connections, those that begin or end included. */
  get size(): number {
    return this.#all.size;
  }

  /** Callers that have not shown that they are where they say. */
  get callers(): number {
    return this.#callers.size;
  }

  /** Calls a peer; null when there is no free id. */
  call(to: Endpoint, user: UtpUser, now: Millis): UtpConnection | null {
    if (this.#stopped) return null;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const receiveId = this.#random.below(0x10000);
      const sendId = (receiveId + 1) & 0xffff;
      if (this.#find(to, receiveId) !== null || this.#find(to, sendId) !== null) continue;
      const connection = this.#begin(to, receiveId, sendId, null, now);
      connection.user = user;
      return connection;
    }
    return null;
  }

  /** Takes a packet in; `settle` follows when all that is here was. */
  receive(bytes: Bytes, from: Endpoint, now: Millis): void {
    const packet = this.#stopped ? null : decodePacket(bytes);
    if (packet === null) return;
    const { type, connectionId: id } = packet;
    if (type === PacketType.Syn) return this.#called(packet, from, now);
    if (type === PacketType.Reset) {
      // some name the id of the packet they answer, some their own
      for (const each of [id, (id + 1) & 0xffff, (id - 1) & 0xffff]) {
        const found = this.#find(from, each);
        if (found !== null && (each === id || found.sendId === id)) this.#hand(found, packet, now);
      }
      return;
    }
    const connection = this.#find(from, id);
    if (connection === null) this.#reject(packet, from, now);
    else this.#hand(connection, packet, now);
  }

  /** All that was here is received: users hear of it, peers are answered. */
  settle(now: Millis): void {
    for (const connection of this.#touched) {
      this.#touched.delete(connection);
      try {
        connection.settle(now);
      } catch (error) {
        this.#broken(connection, error, now);
      }
    }
  }

  /** When {@linkcode tick} has something to do; Infinity: there is no connection. */
  nextDeadline(): number {
    let next = Infinity;
    for (const connection of this.#all) next = Math.min(next, connection.nextDeadline());
    for (const { until } of this.#callers.values()) next = Math.min(next, until);
    return next;
  }

  /** Time passes. */
  tick(now: Millis): void {
    this.#planned = Infinity;
    for (const [caller, { until }] of this.#callers) if (now >= until) caller.abandon(now);
    for (const connection of this.#all) {
      if (now < connection.nextDeadline()) continue;
      try {
        connection.tick(now);
      } catch (error) {
        this.#broken(connection, error, now);
      }
    }
    this.#plan(this.nextDeadline());
  }

  /** Ends all connections at once; nothing is received any more. */
  stop(now: Millis): void {
    this.#stopped = true;
    for (const connection of [...this.#all]) {
      try {
        end(connection, "closed", now);
      } catch (error) {
        this.#port.fault(error);
      }
    }
  }

  #hand(connection: UtpConnection, packet: UtpPacket, now: Millis): void {
    try {
      connection.receive(packet, now);
    } catch (error) {
      this.#broken(connection, error, now);
    }
  }

  /** A fault in one connection ends that one: the others have their turn, and its user waits for nothing. */
  #broken(connection: UtpConnection, error: unknown, now: Millis): void {
    this.#port.fault(error);
    try {
      end(connection, "reset", now);
    } catch (error) {
      this.#port.fault(error);
    }
  }

  #begin(
    to: Endpoint,
    receiveId: number,
    sendId: number,
    called: number | null,
    now: Millis,
  ): UtpConnection {
    const most = this.#small.has(to.host) ? LEAST_PACKET : Infinity;
    const size = new PacketSize(to.host.includes(":"), most);
    const seq = this.#random.below(0x10000);
    const connection = new UtpConnection(
      { to, receiveId, sendId, seq, called, size, memory: this.#memory, looks: this.#looks },
      this.#connectionPort(to),
      now,
    );
    const others = this.#byId.get(receiveId);
    if (others === undefined) this.#byId.set(receiveId, [connection]);
    else others.push(connection);
    this.#all.add(connection);
    this.#plan(connection.nextDeadline());
    return connection;
  }

  #connectionPort(to: Endpoint): ConnectionPort {
    return {
      send: (packet) => this.#port.send(packet, to),
      touched: (connection) => {
        if (this.#touched.size === 0) this.#port.settleSoon();
        this.#touched.add(connection);
      },
      established: (connection) => this.#established(connection),
      planned: (connection) => this.#plan(connection.nextDeadline()),
      lingers: (connection, now) => this.#linger(connection, now),
      ended: (connection, small) => this.#ended(connection, small),
    };
  }

  #called(packet: UtpPacket, to: Endpoint, now: Millis): void {
    const sendId = packet.connectionId;
    const receiveId = (sendId + 1) & 0xffff;
    const known = this.#find(to, receiveId);
    if (known !== null) return this.#hand(known, packet, now);
    if (this.#port.arrived === null) return this.#reject(packet, to, now);
    const holder = holderOf(to);
    this.#makeWay(holder, now);
    const connection = this.#begin(to, receiveId, sendId, packet.seq, now);
    this.#callers.set(connection, { until: now + CALLER_MS, holder });
    this.#plan(now + CALLER_MS);
  }

  /** Has the caller give way that is in the way of one more of a holder. */
  #makeWay(holder: string, now: Millis): void {
    const all = [...this.#callers];
    const same = all.filter(([, caller]) => caller.holder === holder);
    const crowd = same.length >= MOST_OF_ONE ? same : all.length >= MOST_CALLERS ? all : [];
    crowd[0]?.[0].abandon(now);
  }

  #established(connection: UtpConnection): UtpUser | null {
    this.#callers.delete(connection);
    return this.#port.arrived?.(connection) ?? null;
  }

  #linger(connection: UtpConnection, now: Millis): void {
    this.#closing.add(connection);
    this.#plan(connection.nextDeadline());
    if (this.#closing.size <= MOST_CLOSING) return;
    const [oldest] = this.#closing;
    oldest?.abandon(now);
  }

  #ended(connection: UtpConnection, small: boolean): void {
    const { receiveId, to: { host } } = connection;
    const left = this.#byId.get(receiveId)?.filter((other) => other !== connection) ?? [];
    if (left.length === 0) this.#byId.delete(receiveId);
    else this.#byId.set(receiveId, left);
    this.#all.delete(connection);
    this.#callers.delete(connection);
    this.#closing.delete(connection);
    this.#touched.delete(connection);
    if (!small) return;
    const [oldest] = this.#small;
    if (this.#small.size >= MOST_SMALL && oldest !== undefined) this.#small.delete(oldest);
    this.#small.add(host);
  }

  /** Nothing is known of such a connection, as its peer should hear: it waits for answers otherwise. */
  #reject(packet: UtpPacket, to: Endpoint, now: Millis): void {
    if (now - this.#resetsAt >= 1_000) {
      this.#resets = RESETS_A_SECOND;
      this.#resetsAt = now;
    }
    if (this.#resets <= 0) return;
    this.#resets--;
    const { connectionId, seq, timestamp } = packet;
    this.#port.send(
      encodePacket({
        type: PacketType.Reset,
        connectionId,
        timestamp: microseconds(now),
        delay: (microseconds(now) - timestamp) >>> 0,
        window: 0,
        seq: this.#random.below(0x10000),
        ack: seq,
      }),
      to,
    );
  }

  #find({ host, port }: Endpoint, id: number): UtpConnection | null {
    for (const connection of this.#byId.get(id) ?? []) {
      if (connection.to.port === port && connection.to.host === host) return connection;
    }
    return null;
  }

  #plan(at: number): void {
    if (at >= this.#planned) return;
    this.#planned = at;
    this.#port.plan(at);
  }
}

/** Ends a connection at once, as its user hears too. */
function end(connection: UtpConnection, how: UtpEnd, now: Millis): void {
  const { user } = connection;
  connection.abandon(now);
  user?.closed(how);
}
