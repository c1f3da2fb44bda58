import type { Bytes } from "../base/mod.ts";
import type { UtpEnd } from "../utp/mod.ts";
import type { Link, PeerConnection } from "../wire/mod.ts";
import type { Carrier, CarrierLink } from "./carrier.ts";
import type { LinkContext } from "./tcp_link.ts";
import { reasonOfEnd } from "./utp_error.ts";
import type { StreamListener, UtpStream } from "./utp_stream.ts";

const NO_BYTES: Bytes = new Uint8Array(0);

/** A uTP connection that stands. */
export class UtpCarrier implements Carrier {
  readonly transport = "utp";
  /** It is the same for all. */
  readonly localPort = null;
  readonly #stream: UtpStream;

  constructor(stream: UtpStream) {
    this.#stream = stream;
  }

  carry(connection: PeerConnection, context: LinkContext): CarrierLink {
    return new UtpLink(this.#stream, connection, context);
  }

  close(): void {
    this.#stream.close();
  }
}

/** A peer connection over uTP: what arrives is read when the connection's turn comes, what is sent leaves as the way takes it. */
export class UtpLink implements Link, CarrierLink, StreamListener {
  sending = 0;
  readonly utp = true;
  readonly #stream: UtpStream;
  readonly #connection: PeerConnection;
  readonly #context: LinkContext;
  readonly #ended = Promise.withResolvers<void>();
  /** Taken from the outbox, and not taken by the stream. */
  #data = NO_BYTES;
  #open = true;
  #reading = false;
  #waits = false;
  #writing = false;

  /** Takes over `stream`; it is closed when the connection ends. */
  constructor(stream: UtpStream, connection: PeerConnection, context: LinkContext) {
    this.#stream = stream;
    this.#connection = connection;
    this.#context = context;
    connection.attach(this);
  }

  /** Carries bytes until the connection ends; never rejects. */
  async run(): Promise<void> {
    this.#stream.listener = this;
    this.flush();
    this.readable();
    if (this.#stream.end !== null) this.closed(this.#stream.end);
    await this.#ended.promise;
  }

  /** Resolves, after {@linkcode run}, at once: the system holds nothing of it. */
  freed(): Promise<void> {
    return Promise.resolve();
  }

  flush(): void {
    if (!this.#writing && this.#open) this.#guarded(() => this.#write());
  }

  close(_reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    const { lane } = this.#context;
    lane.home.forget(lane);
    this.#data = NO_BYTES;
    this.sending = 0;
    this.#stream.close();
    this.#ended.resolve();
  }

  readable(): void {
    if (!this.#reading && !this.#waits && this.#open) this.#guarded(() => this.#read());
  }

  writable(): void {
    this.flush();
  }

  closed(end: UtpEnd): void {
    this.#connection.close(reasonOfEnd(end));
  }

  #read(): void {
    const { lane, now } = this.#context;
    this.#reading = true;
    try {
      while (this.#open && this.#stream.available > 0) {
        const { home } = lane;
        const allowed = home.free ? Infinity : home.ask(lane, now());
        if (allowed === 0) return this.#wait();
        this.#take(allowed);
      }
      if (this.#open && this.#stream.ended) this.#connection.close("Closed by the peer");
    } finally {
      this.#reading = false;
    }
  }

  #take(allowed: number): void {
    const { lane, lane: { home }, now } = this.#context;
    const space = this.#connection.reader.space();
    const count = this.#stream.read(
      allowed < space.length ? space.subarray(0, allowed) : space,
    );
    if (!home.free || lane.lent > 0) home.done(lane, count, now());
    this.#connection.received(count, now());
  }

  /** What has arrived waits where the peer sees that we take no more. */
  #wait(): void {
    const { lane, now } = this.#context;
    this.#waits = true;
    this.#connection.hold();
    lane.go = (granted) => {
      lane.go = () => {};
      // not in the middle of another's turn
      queueMicrotask(() => {
        this.#waits = false;
        this.#connection.release(now());
        if (!this.#open) return;
        this.#guarded(() => this.#take(granted));
        this.readable();
      });
    };
  }

  #write(): void {
    const { out } = this.#connection;
    this.#writing = true;
    try {
      while (this.#open) {
        if (this.#data.length === 0) {
          if (out.length === 0) return;
          this.#data = out.take();
        }
        this.#data = this.#data.subarray(this.#stream.write(this.#data));
        this.sending = this.#data.length;
        if (this.sending > 0) return;
        if (this.#open) this.#connection.drained(this.#context.now());
      }
    } finally {
      this.#writing = false;
    }
  }

  /** A fault of ours ends the connection, and must not pass as the peer's. */
  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#context.fault(error);
      this.#connection.close("Internal fault");
    }
  }
}
