import type { Bitfield, PieceIndex } from "../../src/base/mod.ts";
import {
  type Accepted,
  type ConnectionHandler,
  encodeHashes,
  encodeHashSpan,
  type Handshake,
  type HashSpan,
  Message,
  type PeerConnection,
  type PeerEvent,
} from "../../src/wire/mod.ts";
import { handshake } from "../wire/talk.ts";
import type { Clock } from "./clock.ts";
import type { Content } from "./content.ts";
import { type Node, Uplink } from "./network.ts";

/** How a fake peer answers a request. */
export type Answer = "good" | "bad" | "silence" | "reject";

/** A fake peer as a value. */
export interface Manners {
  readonly have: Bitfield;
  readonly fast: boolean;
  /** Tells its pieces by haves, one every so many milliseconds, instead of a bitfield. */
  readonly haveEvery?: number;
  /** Chokes for as long and unchokes for as long, in turns. */
  readonly chokeEvery?: number;
  /** Never unchokes anyone. */
  readonly stingy?: boolean;
  /** Says that it is interested, and asks for nothing. */
  readonly wants?: boolean;
  readonly answer: (piece: number, begin: number) => Answer;
  /** How it answers who asks for hashes; not given: it has v1 alone. */
  readonly hashes?: Answer;
  /** Milliseconds it takes for that. */
  readonly hashesAfter?: number;
  /** Bytes a second. */
  readonly rate: number;
}

let ids = 100;

/** A peer that is scripted; it downloads nothing. */
export class FakePeer implements Node {
  readonly uplink: Uplink;
  readonly id = 1 + (ids++ % 250);
  /** Requests heard, by block. */
  readonly asked = new Map<string, number>();
  readonly sessions = new Set<FakeSession>();

  constructor(
    readonly clock: Clock,
    readonly name: string,
    readonly content: Content,
    readonly manners: Manners,
  ) {
    this.uplink = new Uplink(clock, manners.rate);
  }

  handshake(): Handshake {
    return handshake(this.id, { fast: this.manners.fast, v2: this.manners.hashes !== undefined });
  }

  meet(_theirs: Handshake, connection: PeerConnection): Accepted {
    const handler = new FakeSession(this, connection);
    this.sessions.add(handler);
    const v2 = this.manners.hashes !== undefined;
    return { geometry: this.content.geometry, handler, mine: this.handshake(), v2 };
  }

  /** How often blocks were asked for, beyond the first time. */
  get repeats(): number {
    let out = 0;
    for (const count of this.asked.values()) out += count - 1;
    return out;
  }
}

interface Request {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

class FakeSession implements ConnectionHandler {
  /** Requests to be answered, oldest first. */
  #queue: Request[] = [];
  #choking = true;
  readonly #have: Bitfield;

  constructor(readonly peer: FakePeer, readonly connection: PeerConnection) {
    const { manners, content } = peer;
    this.#have = manners.haveEvery === undefined ? manners.have : content.none();
  }

  opened(): void {
    const { manners, clock } = this.peer;
    const { out } = this.connection;
    if (manners.haveEvery === undefined) out.bytes(Message.Bitfield, manners.have.toWire());
    else this.#tellNext([...manners.have], manners.haveEvery);
    if (!manners.stingy) this.#choke(false);
    if (manners.wants) out.bare(Message.Interested);
    if (manners.chokeEvery !== undefined) {
      clock.in(manners.chokeEvery, () => this.#turn(manners.chokeEvery!));
    }
    this.connection.flush(clock.now);
  }

  block(): void {}

  request(piece: PieceIndex, begin: number, length: number): void {
    const { asked } = this.peer;
    const key = `${piece}+${begin}`;
    asked.set(key, (asked.get(key) ?? 0) + 1);
    if (this.#choking || !this.#have.has(piece)) {
      return this.#reject({ piece, begin, length });
    }
    this.#queue.push({ piece, begin, length });
  }

  /** Answers what is queued as long as the line takes it. */
  serve(): void {
    const { out, link, phase } = this.connection;
    while (phase === "open" && this.#queue.length > 0 && out.length + link.sending < 32_768) {
      this.#answer(this.#queue.shift()!);
    }
    this.connection.flush(this.peer.clock.now);
  }

  #answer({ piece, begin, length }: Request): void {
    const { manners, content } = this.peer;
    const { out } = this.connection;
    switch (manners.answer(piece, begin)) {
      case "good":
        return out.piece(piece, begin, content.part(piece, begin, length));
      case "bad": {
        const data = content.part(piece, begin, length).slice();
        data[length >> 1]! ^= 1;
        return out.piece(piece, begin, data);
      }
      case "reject":
        return this.#reject({ piece, begin, length });
      case "silence":
    }
  }

  have(): void {}

  event(event: PeerEvent): void {
    if (event.type === "hash-request") return this.#tellHashes(event.span);
    if (event.type !== "cancel") return;
    const at = this.#queue.findIndex((it) => it.piece === event.piece && it.begin === event.begin);
    if (at >= 0) this.#reject(this.#queue.splice(at, 1)[0]!);
  }

  /** The leaves of one piece, or what it makes of them. */
  #tellHashes(span: HashSpan): void {
    const { clock, content, manners: { hashes = "silence", hashesAfter = 0 } } = this.peer;
    if (hashes === "silence") return;
    if (hashesAfter > 0) {
      clock.in(hashesAfter, () => {
        if (this.connection.phase !== "open") return;
        this.#say(span, hashes, content);
        this.connection.flush(clock.now);
      });
    } else this.#say(span, hashes, content);
  }

  #say(span: HashSpan, hashes: Answer, content: Content): void {
    const { out } = this.connection;
    if (hashes === "reject") return out.bytes(Message.HashReject, encodeHashSpan(span));
    const leaves = new Uint8Array(span.length * 32);
    leaves.set(content.leavesAt(span.root, span.index));
    if (hashes === "bad") leaves[0]! ^= 1;
    out.bytes(Message.Hashes, encodeHashes(span, leaves));
  }

  drained(): void {
    this.serve();
  }

  batch(): void {
    this.serve();
  }

  closed(): void {
    this.peer.sessions.delete(this);
  }

  #choke(on: boolean): void {
    this.#choking = on;
    this.connection.out.bare(on ? Message.Choke : Message.Unchoke);
    if (!on) return;
    for (const request of this.#queue) this.#reject(request);
    this.#queue = [];
  }

  #reject({ piece, begin, length }: Request): void {
    if (this.connection.fast) this.connection.out.block(Message.Reject, piece, begin, length);
  }

  #turn(every: number): void {
    if (this.connection.phase === "closed") return;
    this.#choke(!this.#choking);
    this.connection.flush(this.peer.clock.now);
    this.peer.clock.in(every, () => this.#turn(every));
  }

  #tellNext(left: number[], every: number): void {
    this.peer.clock.in(every, () => {
      const piece = left.shift();
      if (piece === undefined || this.connection.phase === "closed") return;
      this.#have.add(piece);
      this.connection.out.number(Message.Have, piece);
      this.connection.flush(this.peer.clock.now);
      this.#tellNext(left, every);
    });
  }
}
