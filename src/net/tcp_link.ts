import { messageOf, type Millis } from "../base/mod.ts";
import type { Link, PeerConnection } from "../wire/mod.ts";
import type { ReadLane, TorrentReads } from "../swarm/mod.ts";
import type { LoopTurns } from "./loop_turns.ts";

/** What a link needs of its session. */
export interface LinkContext {
  /** Its place among those that read. */
  readonly lane: ReadLane;
  readonly now: () => Millis;
  /** Leaves the event loop time to turn while there is always something to read; null or none: it turns by itself, late. */
  readonly turns?: LoopTurns | null;
  /** Our own code failed while handling the peer's bytes: to be reported, not hidden. */
  readonly fault: (error: unknown) => void;
}

/** A peer connection over TCP: one loop reads into the connection's buffer, one write is under way at a time. */
export class TcpLink implements Link {
  sending = 0;
  readonly #socket: Deno.TcpConn;
  readonly #connection: PeerConnection;
  readonly #context: LinkContext;
  readonly #ended = Promise.withResolvers<void>();
  #reading: Promise<void> = Promise.resolve();
  #wrote: Promise<void> = Promise.resolve();
  #open = true;
  #writing = false;

  /** Takes over `socket`; it is closed when the connection ends. */
  constructor(socket: Deno.TcpConn, connection: PeerConnection, context: LinkContext) {
    this.#socket = socket;
    this.#connection = connection;
    this.#context = context;
    try {
      // requests are small and must not wait for one another (Nagle)
      socket.setNoDelay(true);
    } catch {
      // the peer is gone already, which some systems tell here: the first read will say so
    }
    connection.attach(this);
  }

  /** Reads until the connection ends; never rejects. */
  async run(): Promise<void> {
    this.flush();
    // closing does not end a read that waits (Deno 2.8), so nobody may wait for the read alone
    this.#reading = this.#readAll();
    await Promise.race([this.#reading, this.#ended.promise]);
  }

  /**
   * Resolves, after {@linkcode run}, when the system has given the socket back: a write that waits for a peer that
   * does not read keeps it (before Deno 2.9; a read that waits does so in Deno 2.8), for as long as the peer likes.
   */
  async freed(): Promise<void> {
    await Promise.all([this.#reading, this.#wrote]);
  }

  flush(): void {
    if (!this.#writing && this.#open && this.#connection.out.length > 0) {
      this.#wrote = this.#write();
    }
  }

  async #readAll(): Promise<void> {
    const { lane, now, turns = null } = this.#context;
    try {
      while (this.#open) {
        const { home } = lane;
        let allowed = Infinity;
        if (!home.free) {
          allowed = await this.#turn(home);
          if (!this.#open) return home.done(lane, 0, now());
        }
        const space = this.#connection.reader.space();
        const count = await this.#socket.read(
          allowed < space.length ? space.subarray(0, allowed) : space,
        );
        if (!home.free) home.done(lane, count ?? 0, now());
        if (!this.#open) return;
        if (count === null) return this.#connection.close("Closed by the peer");
        this.#connection.received(count, now());
        const turn = turns?.due() ?? null;
        if (turn !== null) await turn;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** How much may be read: at once, or after a wait that is not the peer's fault. */
  async #turn(home: TorrentReads): Promise<number> {
    const { lane, now } = this.#context;
    const allowed = home.ask(lane, now());
    if (allowed > 0) return allowed;
    const turn = Promise.withResolvers<number>();
    lane.go = turn.resolve;
    this.#connection.hold();
    const granted = await turn.promise;
    this.#connection.release(now());
    return granted;
  }

  close(_reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    const { lane } = this.#context;
    lane.home.forget(lane);
    // a read that waits for its turn waits no longer
    lane.go(0);
    this.#ended.resolve();
    try {
      // for the same reason the peer hears of the end by itself, and its own end frees the socket
      this.#socket.closeWrite().catch(() => {});
      this.#socket.close();
    } catch {
      // the system closed it first
    }
  }

  async #write(): Promise<void> {
    const { out } = this.#connection;
    this.#writing = true;
    try {
      while (this.#open && out.length > 0) {
        let data = out.take();
        this.sending = data.length;
        while (data.length > 0) data = data.subarray(await this.#socket.write(data));
        this.sending = 0;
        if (this.#open) this.#connection.drained(this.#context.now());
        const turn = this.#context.turns?.due() ?? null;
        if (turn !== null) await turn;
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#writing = false;
    }
  }

  /** A network error ends the connection; a fault of ours does too, but must not pass as one. */
  #fail(error: unknown): void {
    const ours = error instanceof TypeError || error instanceof RangeError ||
      error instanceof ReferenceError;
    if (ours) this.#context.fault(error);
    if (this.#open) this.#connection.close(reasonOf(error));
  }
}

/** A socket error in words for people. */
export function reasonOf(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionReset) return "Connection reset by the peer";
  if (error instanceof Deno.errors.ConnectionRefused) return "Connection refused";
  if (error instanceof Deno.errors.BrokenPipe) return "Closed by the peer";
  if (error instanceof Deno.errors.TimedOut) return "Timed out";
  if (
    error instanceof DOMException && (error.name === "TimeoutError" || error.name === "AbortError")
  ) return "Timed out";
  return messageOf(error);
}
