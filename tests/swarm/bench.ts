/** A swarm on the bench: the test plays every peer, the store and the clock. */
import { createHash } from "node:crypto";
import {
  Bitfield,
  type Bytes,
  concat,
  FairPool,
  formatEndpoint,
  millis,
  type PieceIndex,
  readUint32,
  SeededRandom,
} from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { Geometry } from "../../src/metainfo/mod.ts";
import { type Peer, type Store, Swarm, type SwarmParts } from "../../src/swarm/mod.ts";
import {
  encodeHandshake,
  FrameReader,
  type Handshake,
  HANDSHAKE_SIZE,
  Message,
  PeerConnection,
  type PexPeer,
} from "../../src/wire/mod.ts";
import { fill, frame, handshake, hear, QuietLink } from "../wire/talk.ts";

export const BLOCK = 16_384;

/** A frame of the extension protocol. */
export function extended(id: number, payload: Uint8Array): Bytes {
  return frame(Message.Extended, new Uint8Array([id]), payload);
}

/** What a swarm committed, read and let go. Data of piece `n` is `n + 1` in every byte. */
export class BenchStore implements Store {
  readonly committed: { piece: PieceIndex; data: Bytes }[] = [];
  readonly expected: string[] = [];
  /** Pieces whose leaves were asked for. */
  readonly read32: number[] = [];
  buffers = 0;
  /** False: everything is still on the disk. */
  cached = true;
  /** Leaves that are being read until the test calls these; null: they are here at once. */
  reading: (() => void)[] | null = null;

  constructor(readonly pieceLength: number) {}

  buffer(): Bytes {
    this.buffers++;
    return new Uint8Array(this.pieceLength);
  }

  release(): void {
    this.buffers--;
  }

  commit(piece: PieceIndex, data: Bytes): void {
    this.committed.push({ piece, data });
  }

  read(piece: PieceIndex, _begin: number, length: number): Bytes | null {
    return this.cached ? new Uint8Array(length).fill(piece + 1) : null;
  }

  expect(piece: PieceIndex, begin: number): void {
    this.expected.push(`${piece}+${begin}`);
  }

  digest(data: Bytes, then: (digest: Bytes) => void): void {
    then(sha256Of(data));
  }

  leaves(piece: PieceIndex, size: number, then: (leaves: Bytes | null) => void): void {
    this.read32.push(piece);
    if (!this.cached) return then(null);
    const blocks: Bytes[] = [];
    for (let at = 0; at < size; at += BLOCK) {
      blocks.push(sha256Of(new Uint8Array(Math.min(BLOCK, size - at)).fill(piece + 1)));
    }
    const done = () => then(concat(...blocks));
    if (this.reading === null) done();
    else this.reading.push(done);
  }
}

/** SHA-256 at once. */
export function sha256Of(data: Uint8Array): Bytes {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** A peer that the test plays. */
export class Remote {
  readonly link = new QuietLink();
  readonly connection: PeerConnection;
  peer!: Peer;
  #greeted = false;

  /** `outgoing`: it counts as one that we connected to. */
  constructor(
    readonly bench: Bench,
    readonly id: number,
    over: Partial<Handshake>,
    outgoing = false,
  ) {
    const { swarm } = bench;
    this.connection = new PeerConnection(null, ({ v2 = false }, connection) => {
      const identity = { key: `8.8.8.${id}:1`, host: `8.8.8.${id}`, outgoing };
      this.peer = swarm.join(connection, identity, bench.now);
      return { geometry: swarm.geometry, handler: this.peer, mine: handshake(200), v2 };
    }, bench.now);
    this.connection.attach(this.link);
    hear(this.connection, encodeHandshake(handshake(id, over)), Infinity, bench.now);
  }

  /** The peer says these frames in one packet. */
  says(...frames: readonly Uint8Array[]): void {
    hear(this.connection, concat(...frames), Infinity, this.bench.now);
  }

  /** It has these pieces, or all of them. */
  has(pieces: readonly number[] | "all"): void {
    const have = new Bitfield(this.bench.swarm.geometry.pieceCount);
    if (pieces === "all") have.fill();
    else for (const piece of pieces) have.add(piece);
    this.says(frame(Message.Bitfield, have.toWire()));
  }

  /** It speaks these extensions and wants to be written to with these numbers. */
  speaks(m: Readonly<Record<string, number>>, rest: Readonly<Record<string, number>> = {}): void {
    this.says(extended(0, encode({ m, ...rest })));
  }

  unchokes(): void {
    this.says(frame(Message.Unchoke));
  }

  /** It sends the block that a request asked for; `byte` instead of the right ones. */
  sends(request: string, byte?: number): void {
    const [, piece, begin, length] = request.split(" ").map(Number);
    const data = new Uint8Array(length!).fill(byte ?? piece! + 1);
    this.says(frame(Message.Piece, piece!, begin!, data));
  }

  /** It refuses a request. */
  rejects(request: string): void {
    const [, piece, begin, length] = request.split(" ").map(Number);
    this.says(frame(Message.Reject, piece!, begin!, length!));
  }

  /** What we said since the last call, one line a message: `request 1 0 16384`. */
  heard(): string[] {
    const out: string[] = [];
    this.heardRaw((message) => out.push(describe(message)));
    return out;
  }

  /** The same as bytes, each valid during its call. */
  heardRaw(take: (message: Uint8Array) => void): void {
    const reader = new FrameReader(1_000_000);
    const bytes = this.connection.out.take().slice();
    const start = this.#greeted ? 0 : HANDSHAKE_SIZE;
    this.#greeted = true;
    for (let at = start; at < bytes.length;) {
      const count = fill(reader, bytes.subarray(at));
      reader.filled(count);
      at += count;
      while (reader.next()) take(reader.buffer.subarray(reader.from, reader.to));
    }
  }

  /** The requests among what we said. */
  requests(): string[] {
    return this.heard().filter((line) => line.startsWith("request"));
  }
}

/** What a swarm on the bench can be besides. */
export type BenchParts = Partial<
  Pick<
    SwarmParts,
    | "geometry"
    | "memory"
    | "merkle"
    | "peerExchange"
    | "picker"
    | "ranks"
    | "sharing"
    | "superSeed"
  >
>;

/** The swarm and its surroundings. */
export class Bench {
  now = millis(1_000);
  readonly store: BenchStore;
  readonly swarm: Swarm;
  readonly banned: string[] = [];
  readonly left: string[] = [];
  readonly disputed: number[] = [];
  /** UDP ports of DHT nodes that peers told. */
  readonly nodes: number[] = [];
  readonly done: number[] = [];
  /** Peers that peers told of. */
  readonly told: { teller: Peer; peers: readonly PexPeer[] }[] = [];
  /** Whom peers say that we call now. */
  readonly punched: string[] = [];
  /** Where peers say they see us. */
  readonly addresses: string[] = [];
  /** Hears that a peer left. */
  ended = (): void => {};
  allowance = Infinity;
  /** Bytes a second a download limit lets through. */
  downloadRate = Infinity;
  /** Bytes a second; Infinity without a limit. */
  limit = Infinity;
  /** How often uploads said that they wait for the limit. */
  waits = 0;
  #next = 1;

  /** `pieces` of `blocks` blocks each; `have` is on disk already; `over` is what the swarm is otherwise. */
  constructor(
    pieces: number,
    blocks: number,
    have: readonly number[] | "all" = [],
    over: BenchParts = {},
  ) {
    const whole = new Geometry(pieces * blocks * BLOCK, blocks * BLOCK);
    const { geometry = whole } = over;
    const held = new Bitfield(pieces);
    if (have === "all") held.fill();
    else for (const piece of have) held.add(piece);
    this.store = new BenchStore(geometry.pieceLength);
    this.swarm = new Swarm({
      have: held,
      store: this.store,
      random: new SeededRandom(1),
      client: "Bench 1",
      port: 6881,
      memory: new FairPool(64 * 1024 * 1024).member(),
      ...over,
      geometry,
      downloadLimit: { rate: () => this.downloadRate },
      uploadLimit: {
        limited: true,
        available: () => this.allowance,
        rate: () => this.limit,
        take: (bytes) => this.allowance -= bytes,
        wait: () => this.waits++,
      },
      observer: {
        pieceDone: (piece) => this.done.push(piece),
        peerJoined: () => {},
        peerLeft: (peer, reason) => {
          this.left.push(`${peer.identity.host} ${reason}`);
          this.ended();
        },
        peerNode: (_peer, port) => this.nodes.push(port),
        pieceDisputed: (piece) => this.disputed.push(piece),
        peersTold: (teller, peers) => this.told.push({ teller, peers }),
        punch: (_, endpoint) => this.punched.push(formatEndpoint(endpoint)),
        addressTold: (_, host) => this.addresses.push(host),
        peerBanned: (peer, reason) => this.banned.push(`${peer.identity.host} ${reason}`),
      },
    });
  }

  /** A new peer; what we said to it at once is passed over. */
  peer(over: Partial<Handshake> = {}): Remote {
    const remote = this.newcomer(over);
    remote.heard();
    return remote;
  }

  /** A new peer that has our handshake and not yet read what follows. */
  newcomer(over: Partial<Handshake> = {}, outgoing = false): Remote {
    return new Remote(this, this.#next++, { extended: false, ...over }, outgoing);
  }

  /** A seed that serves us; its first requests are still to be heard. */
  seed(over: Partial<Handshake> = {}): Remote {
    const remote = this.peer(over);
    remote.has("all");
    remote.unchokes();
    return remote;
  }

  /** Time passes, a second at a time. */
  wait(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.now = millis(this.now + 1_000);
      this.swarm.tick(this.now);
    }
  }

  /** The store finds the oldest committed piece good and writes it. */
  accept(): void {
    const { piece, data } = this.store.committed.shift()!;
    this.swarm.pieceVerified(piece, data);
    this.store.release();
    this.swarm.pieceWritten(piece, this.now);
  }

  /** The store finds the oldest committed piece bad; `v2`: and says what its blocks hash to. */
  refuse(v2 = false): void {
    const { piece, data } = this.store.committed.shift()!;
    const size = this.swarm.geometry.pieceSize(piece);
    const leaves: Bytes[] = [];
    for (let at = 0; at < size; at += BLOCK) {
      leaves.push(sha256Of(data.subarray(at, Math.min(at + BLOCK, size))));
    }
    this.swarm.pieceCorrupt(piece, data, this.now, v2 ? concat(...leaves) : null);
  }
}

const names = Object.entries(Message).map(([name, id]) => [id, name.toLowerCase()] as const);

function describe(message: Uint8Array): string {
  const name = new Map<number, string>(names).get(message[0]!) ?? `message-${message[0]}`;
  const numbers: number[] = [];
  if (message[0] === Message.Bitfield) return `${name} ${[...message.subarray(1)]}`;
  if (message[0] === Message.Extended) {
    return message[1] === 0 ? name : `${name} ${[...message.subarray(1)]}`;
  }
  const end = message[0] === Message.Piece ? 9 : message.length;
  for (let at = 1; at + 4 <= end; at += 4) numbers.push(readUint32(message, at));
  if (message[0] === Message.Piece) numbers.push(message.length - 9);
  return [name, ...numbers].join(" ");
}
