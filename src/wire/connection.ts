import {
  type Bytes,
  equalBytes,
  type Millis,
  type PeerId,
  type PieceIndex,
  ProtocolError,
  readUint32,
} from "../base/mod.ts";
import type { Geometry } from "../metainfo/mod.ts";
import { Beginning, type Secrecy } from "./beginning.ts";
import { EarlyMessages, MOST_EARLY_MESSAGE } from "./early_messages.ts";
import { readEarlyExtension } from "./extension_messages.ts";
import { FrameReader } from "./frame_reader.ts";
import { isHashMessage, readHashMessage } from "./hash_messages.ts";
import {
  decodeHandshake,
  encodeHandshake,
  type Handshake,
  HANDSHAKE_SIZE,
  mayBeHandshake,
} from "./handshake.ts";
import { MAX_REQUEST, Message } from "./messages.ts";
import { Outbox } from "./outbox.ts";
import { type Opening, PLAIN } from "./prelude.ts";
import {
  expectExtended,
  expectPiece,
  expectSize,
  type PeerEvent,
  readPort,
  readRare,
} from "./rare_messages.ts";

/** What carries a connection's bytes. Sending is asking: the link takes them from the outbox when it can. */
export interface Link {
  /** Bytes taken from the outbox and not yet handed to the network. */
  readonly sending: number;
  /** It goes over uTP (BEP 29); missing: it does not. */
  readonly utp?: boolean;
  /** Something is in the outbox. */
  flush(): void;
  /** Ends the link now; nothing more is sent. `reason` is for people. */
  close(reason: string): void;
}

/** Who hears what a peer says once the handshake is over. Every number is inside the torrent. */
export interface ConnectionHandler {
  /** Both handshakes are over: the first messages may be written (a bitfield must be the first of all). */
  opened(now: Millis): void;
  /** A block; `data` is valid during the call only. */
  block(piece: PieceIndex, begin: number, data: Bytes, now: Millis): void;
  /** The peer asks for a part of a piece; `length` is 1 … 128 KiB. */
  request(piece: PieceIndex, begin: number, length: number, now: Millis): void;
  /** The peer has one more piece. */
  have(piece: PieceIndex, now: Millis): void;
  /** Everything else it says. */
  event(event: PeerEvent, now: Millis): void;
  /** All that arrived together was handled: time to ask for more. */
  batch(now: Millis): void;
  /** The link has sent all it had taken: there is room for more. */
  drained(now: Millis): void;
  /** The connection is over. */
  closed(reason: string): void;
}

/** Finds the torrent a handshake asks for: its geometry and who handles the peer, or null to refuse it. */
export type Accept = (handshake: Handshake, connection: PeerConnection) => Accepted | null;

/** What {@linkcode Accept} answers. */
export interface Accepted {
  /** Null: not known yet. What the peer says of pieces waits until {@linkcode PeerConnection.settle}. */
  readonly geometry: Geometry | null;
  readonly handler: ConnectionHandler;
  /** Our handshake; for a connection we made it has gone out already. */
  readonly mine: Handshake;
  /** Both sides speak v2 of the torrent (BEP 52); not given: they do not. */
  readonly v2?: boolean;
}

/** "Have all" and "have none" taken from one peer; BEP 6 allows one. */
const MOST_WHOLES = 4;
/** Who says nothing for so long, or to whom nothing is said, needs no large buffers. */
const REST_MS = 10_000;
const MIN_MESSAGE_LIMIT = MAX_REQUEST + 1024;

type Phase =
  | { readonly name: "handshake"; readonly accept: Accept }
  | { readonly name: "early"; readonly said: EarlyMessages; readonly handler: ConnectionHandler }
  | { readonly name: "open"; readonly geometry: Geometry; readonly handler: ConnectionHandler }
  | { readonly name: "closed"; readonly reason: string };

/**
 * One peer connection: bytes in, calls to its handler out; what we say gathers in the outbox.
 * It checks every message against the protocol and the torrent, and throws nothing: a peer that breaks
 * the rules is closed with the reason.
 */
export class PeerConnection {
  readonly reader = new FrameReader(MIN_MESSAGE_LIMIT);
  readonly out = new Outbox();
  /** When the peer last said anything. */
  lastReceived: Millis;
  /** When we last said anything. */
  lastSent: Millis;
  /** We do not read from it for now: its silence is not its own. */
  held = false;
  /** When we last began to read again. */
  releasedAt = 0 as Millis;
  /** Both sides speak the fast extension (BEP 6). */
  fast = false;
  /** Both sides speak the extension protocol (BEP 10). */
  extended = false;
  /** Both sides have a node of the DHT (BEP 5). */
  dht = false;
  /** Both sides speak v2 of the torrent (BEP 52). */
  v2 = false;
  /** The peer broke the protocol, so it is not only gone. */
  faulty = false;
  #phase: Phase;
  readonly #beginning: Beginning;
  #link: Link | null = null;
  #remote: PeerId | null = null;
  #wholes = 0;

  /**
   * `ours` is the handshake to send at once (a connection we made), or null to wait for the peer's
   * (a connection it made); `opening` is how it may begin.
   */
  constructor(
    readonly ours: Handshake | null,
    accept: Accept,
    now: Millis,
    opening: Opening = PLAIN,
  ) {
    this.#phase = { name: "handshake", accept };
    this.lastReceived = this.lastSent = now;
    const handshake = ours === null ? null : encodeHandshake(ours);
    this.#beginning = new Beginning(this.reader, this.out, opening, handshake);
  }

  /** The link that carries it; set once, before any byte arrives. */
  attach(link: Link): void {
    this.#link = link;
  }

  /** The link; throws while none is attached. */
  get link(): Link {
    if (this.#link === null) throw new Error("Expected a link attached to the connection");
    return this.#link;
  }

  /** How far it is; `open` from the handshakes on, whether the torrent's size is known or not. */
  get phase(): "handshake" | "open" | "closed" {
    return this.#phase.name === "early" ? "open" : this.#phase.name;
  }

  /** What of it is encrypted, known once the peer's handshake is here. */
  get secrecy(): Secrecy {
    return this.#beginning.secrecy;
  }

  /** The peer's id, once its handshake is here. */
  get remoteId(): PeerId | null {
    return this.#remote;
  }

  /** Why it was closed, or null. */
  get closeReason(): string | null {
    return this.#phase.name === "closed" ? this.#phase.reason : null;
  }

  /** `count` bytes were read into the reader's space. */
  received(count: number, now: Millis): void {
    if (now - this.lastReceived > REST_MS) this.reader.rest();
    this.#beginning.inward?.apply(this.reader.fresh(count));
    this.reader.filled(count);
    this.lastReceived = now;
    try {
      if (this.#phase.name === "handshake" && !this.#handshake(this.#phase.accept, now)) {
        return this.flush(now);
      }
      while (isOpen(this.#phase) && this.reader.next()) this.#next(this.#phase, now);
      if (isOpen(this.#phase)) this.#phase.handler.batch(now);
    } catch (error) {
      this.#broken(error);
    }
  }

  /**
   * The torrent's size is known now, and `handler` hears the peer from here on: first what it has said of pieces so
   * far. Once, and not while the connection calls its handler. False when the peer said more than was kept, or
   * something wrong: then it is closed.
   */
  settle(geometry: Geometry, handler: ConnectionHandler, now: Millis): boolean {
    if (this.#phase.name !== "early") throw new Error("Expected a connection to be settled once");
    const { said } = this.#phase;
    this.#open(geometry, handler);
    try {
      for (const frame of said.take()) {
        if (this.phase !== "open") break;
        this.#message(geometry, handler, frame, 0, frame.length, now);
      }
    } catch (error) {
      this.#broken(error);
    }
    if (said.overflowed) this.close("Said too much before its torrent was known");
    return this.phase === "open";
  }

  /** Its link stops reading: our disk or a limit says so. */
  hold(): void {
    this.held = true;
  }

  /** Its link reads again; deadlines count from now. */
  release(now: Millis): void {
    this.held = false;
    this.releasedAt = now;
  }

  /** Its link has sent all it had taken. */
  drained(now: Millis): void {
    if (isOpen(this.#phase)) this.#phase.handler.drained(now);
  }

  /** Sends what is in the outbox. */
  flush(now: Millis): void {
    if (this.#phase.name === "closed" || this.out.length === 0) return;
    this.lastSent = now;
    this.#link?.flush();
  }

  /** Time passes without a word to the peer. */
  tick(now: Millis): void {
    if (now - this.lastSent > REST_MS) this.out.rest();
  }

  /** Ends the connection; the handler hears of it. */
  close(reason: string): void {
    const phase = this.#phase;
    if (phase.name === "closed") return;
    this.#phase = { name: "closed", reason };
    this.#link?.close(reason);
    // who was here may be remembered for long, as the author of blocks
    this.reader.free();
    this.out.free();
    if (isOpen(phase)) phase.handler.closed(reason);
  }

  /** False until 68 bytes are here and the torrent was found. */
  #handshake(accept: Accept, now: Millis): boolean {
    if (!this.#beginning.next(now)) return false;
    const waiting = this.reader.peek();
    if (!mayBeHandshake(waiting)) throw new ProtocolError("Expected a BitTorrent handshake");
    if (waiting.length < HANDSHAKE_SIZE) return false;
    const theirs = decodeHandshake(waiting);
    this.reader.skip(HANDSHAKE_SIZE);
    this.#remote = theirs.peerId;
    const { infoHash } = this.#beginning;
    // whom we dialled may answer by a torrent's other hash (BEP 52)
    if (this.ours === null && infoHash !== null && !equalBytes(infoHash, theirs.infoHash)) {
      throw new ProtocolError("Expected a handshake for the torrent it was encrypted for");
    }
    const accepted = accept(theirs, this);
    if (accepted === null) {
      this.close("Refused at the handshake");
      return false;
    }
    const { geometry, handler, mine, v2 = false } = accepted;
    this.v2 = v2;
    this.fast = theirs.fast && mine.fast;
    this.extended = theirs.extended && mine.extended;
    this.dht = theirs.dht && mine.dht;
    if (this.ours === null) this.out.raw(encodeHandshake(mine));
    if (geometry === null) {
      this.reader.maxMessage = Math.max(MIN_MESSAGE_LIMIT, MOST_EARLY_MESSAGE);
      this.#phase = { name: "early", said: new EarlyMessages(), handler };
    } else {
      this.#open(geometry, handler);
    }
    handler.opened(now);
    return true;
  }

  #open(geometry: Geometry, handler: ConnectionHandler): void {
    this.reader.maxMessage = Math.max(MIN_MESSAGE_LIMIT, 1 + ((geometry.pieceCount + 7) >> 3));
    this.#phase = { name: "open", geometry, handler };
  }

  /** The message in the reader. */
  #next(phase: OpenPhase, now: Millis): void {
    const { buffer, from, to } = this.reader;
    if (phase.name === "early") this.#early(phase, buffer.subarray(from, to), now);
    else this.#message(phase.geometry, phase.handler, buffer, from, to, now);
  }

  /** A message while the torrent's size is unknown. */
  #early({ said, handler }: OpenPhase & { name: "early" }, frame: Bytes, now: Millis): void {
    if (frame[0] === Message.Port) {
      const event = readPort(frame.subarray(1), this.dht);
      return event === null ? undefined : handler.event(event, now);
    }
    if (this.v2 && isHashMessage(frame[0]!)) {
      return handler.event(readHashMessage(frame[0]!, frame.subarray(1)), now);
    }
    if (frame[0] !== Message.Extended) return said.keep(frame);
    expectExtended(this.extended, frame.length - 1);
    const { event, later } = readEarlyExtension(frame[1]!, frame.subarray(2));
    if (later) said.keep(frame);
    if (event !== null) handler.event(event, now);
  }

  /** The peer broke the protocol; anything else that was thrown is our own fault. */
  #broken(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.faulty = true;
    this.close(error.message);
  }

  #message(
    geometry: Geometry,
    handler: ConnectionHandler,
    buffer: Bytes,
    from: number,
    to: number,
    now: Millis,
  ): void {
    const id = buffer[from]!;
    const at = from + 1;
    const size = to - at;
    switch (id) {
      case Message.Piece: {
        if (size < 9) {
          throw new ProtocolError(`Expected a block in a piece message, got ${size} bytes`);
        }
        const piece = expectPiece(geometry, readUint32(buffer, at));
        const begin = readUint32(buffer, at + 4);
        if (begin + size - 8 > geometry.spokenSize(piece)) {
          throw new ProtocolError("Expected a block inside its piece");
        }
        return handler.block(piece, begin, buffer.subarray(at + 8, to), now);
      }
      case Message.Have:
        expectSize(id, size, 4);
        return handler.have(expectPiece(geometry, readUint32(buffer, at)), now);
      case Message.Request: {
        expectSize(id, size, 12);
        const piece = expectPiece(geometry, readUint32(buffer, at));
        const begin = readUint32(buffer, at + 4);
        const length = readUint32(buffer, at + 8);
        if (length === 0 || length > MAX_REQUEST || begin + length > geometry.spokenSize(piece)) {
          throw new ProtocolError(`Expected a request inside its piece, got ${begin}+${length}`);
        }
        return handler.request(piece, begin, length, now);
      }
      default: {
        // five bytes that cost work in the number of pieces: not again and again
        const whole = id === Message.HaveAll || id === Message.HaveNone;
        if (whole && ++this.#wholes > MOST_WHOLES) {
          throw new ProtocolError("Expected no more have all or have none");
        }
        const event = readRare(id, buffer.subarray(at, to), geometry, this);
        if (event !== null) handler.event(event, now);
      }
    }
  }
}

type OpenPhase = Extract<Phase, { name: "early" | "open" }>;

/** True once the handshakes are over, until it is closed. */
function isOpen(phase: Phase): phase is OpenPhase {
  return phase.name === "open" || phase.name === "early";
}
