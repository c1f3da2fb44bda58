/** One side of a conversation for tests: a connection over a link that only remembers. */
import {
  type Bytes,
  concat,
  infoHash,
  type Millis,
  millis,
  peerId,
  writeUint32,
} from "../../src/base/mod.ts";
import { Geometry } from "../../src/metainfo/mod.ts";
import {
  type Accept,
  type ConnectionHandler,
  encodeHandshake,
  type FrameReader,
  type Handshake,
  type Link,
  PeerConnection,
  type PeerEvent,
} from "../../src/wire/mod.ts";

/** 20 pieces of 32 KiB, the last of 1,000 bytes. */
export const GEOMETRY = new Geometry(19 * 32_768 + 1_000, 32_768);
/** Bytes of its bitfield. */
export const BITFIELD = 3;
export const HASH = infoHash(new Uint8Array(20).fill(7));
export const NOW = millis(1_000);

/** A handshake of a peer whose id is 20 times `id`. */
export function handshake(id: number, over: Partial<Handshake> = {}): Handshake {
  return {
    infoHash: HASH,
    peerId: peerId(new Uint8Array(20).fill(id)),
    fast: true,
    extended: true,
    dht: false,
    v2: false,
    ...over,
  };
}

/** A whole frame: length prefix, id, payload. */
export function frame(id: number, ...payload: readonly (number | Uint8Array)[]): Bytes {
  const body = concat(
    new Uint8Array([id]),
    ...payload.map((part) => typeof part === "number" ? uint32(part) : part),
  );
  return concat(uint32(body.length), body);
}

export function uint32(value: number): Bytes {
  const out = new Uint8Array(4);
  writeUint32(out, 0, value);
  return out;
}

/** A link that remembers what happened to it. */
export class QuietLink implements Link {
  sending = 0;
  utp = false;
  flushes = 0;
  closedFor: string | null = null;

  flush(): void {
    this.flushes++;
  }

  close(reason: string): void {
    this.closedFor = reason;
  }
}

/** Everything a handler heard, in order, one line each. */
export class Diary implements ConnectionHandler {
  readonly lines: string[] = [];
  readonly events: PeerEvent[] = [];
  onOpened: () => void = () => {};

  opened(): void {
    this.lines.push("opened");
    this.onOpened();
  }

  block(piece: number, begin: number, data: Bytes): void {
    this.lines.push(`block ${piece} ${begin} ${data.length}`);
  }

  request(piece: number, begin: number, length: number): void {
    this.lines.push(`request ${piece} ${begin} ${length}`);
  }

  have(piece: number): void {
    this.lines.push(`have ${piece}`);
  }

  event(event: PeerEvent): void {
    this.lines.push(event.type);
    this.events.push(event);
  }

  batch(): void {}

  drained(): void {}

  closed(reason: string): void {
    this.lines.push(`closed ${reason}`);
  }
}

/** A connection that a peer made to us, with its link and its diary. */
export class Talk {
  readonly connection: PeerConnection;
  readonly link = new QuietLink();
  readonly diary = new Diary();

  constructor(theirs: Partial<Handshake> | null = {}, accept?: Accept) {
    const mine = handshake(1);
    this.connection = new PeerConnection(
      null,
      accept ?? (() => ({ geometry: GEOMETRY, handler: this.diary, mine })),
      NOW,
    );
    this.connection.attach(this.link);
    if (theirs === null) return;
    this.hear(encodeHandshake(handshake(2, theirs)));
    this.diary.lines.length = 0;
    this.connection.out.take();
  }

  /** The peer's bytes arrive, at most `step` at a time. */
  hear(bytes: Uint8Array, step = Infinity, now: Millis = NOW): void {
    hear(this.connection, bytes, step, now);
  }
}

/** Bytes arrive at a connection, at most `step` at a time, until it is closed. */
export function hear(
  connection: PeerConnection,
  bytes: Uint8Array,
  step = Infinity,
  now: Millis = NOW,
): void {
  for (let at = 0; at < bytes.length && connection.phase !== "closed";) {
    const count = fill(connection.reader, bytes.subarray(at), step);
    connection.received(count, now);
    at += count;
  }
}

/** Copies as much of `bytes` as fits into a reader's space, at most `step`, without telling it. */
export function fill(reader: FrameReader, bytes: Uint8Array, step = Infinity): number {
  const space = reader.space();
  const count = Math.min(space.length, bytes.length, step);
  space.set(bytes.subarray(0, count));
  return count;
}
