import type { Endpoint, InfoHash, Millis } from "../base/mod.ts";
import { type Carrier, reasonOf, type Transport } from "../net/mod.ts";
import { ReadLane } from "../swarm/mod.ts";
import { type Accepted, type Handshake, PeerConnection, PLAIN } from "../wire/mod.ts";
import type { SessionContext } from "./context.ts";
import { connectFault, type DialFault, type DialFaults, handshakeFault } from "./dial_faults.ts";
import type { Attempt } from "./dial_plan.ts";
import type { PendingHandshake } from "./handshakes.ts";
import { runLink } from "./run_link.ts";
import type { TorrentShares } from "./shares.ts";

/** Whose dials they are. */
export interface DialHost {
  readonly faults: DialFaults;
  /** Our half of the handshake with `endpoint`. */
  handshake(endpoint: Endpoint): Handshake;
  /** True for an info hash that the torrent is known by. */
  isAsked(infoHash: InfoHash): boolean;
  /** The peer at `endpoint` answered: takes it in, or null to refuse it. */
  accept(theirs: Handshake, connection: PeerConnection, endpoint: Endpoint): Accepted | null;
  /** True for an address that turned out to be ours. */
  isOurselves(endpoint: Endpoint): boolean;
  /** Every way to `endpoint` failed, the last one by `fault`, and may again. */
  failed(endpoint: Endpoint, fault: DialFault, now: Millis): void;
}

/** When its torrent stops, a dial has so long to succeed or fail by itself. */
const GRACE_MS = 250;

/** What became of one attempt. */
interface Failure {
  readonly fault: DialFault;
  /** For people. */
  readonly reason: string;
}

/** Connects to the peers of one torrent, each by one way after another until one works. */
export class Dialler {
  readonly #context: SessionContext;
  readonly #shares: TorrentShares;
  readonly #host: DialHost;
  /** What ends each connection that is being made, and when it was made or failed. */
  readonly #connecting = new Map<AbortController, Promise<void>>();
  readonly #pending = new Set<PendingHandshake>();
  /** Our end of each connection we made → whom it is to. */
  readonly #ports = new Map<number, Endpoint>();
  #closed = false;

  constructor(context: SessionContext, shares: TorrentShares, host: DialHost) {
    this.#context = context;
    this.#shares = shares;
    this.#host = host;
  }

  /** Connections that are being made, their handshakes included. */
  get size(): number {
    return this.#connecting.size + this.#pending.size;
  }

  /** Whom the connection is to that goes out from our port `port`. */
  dialledFrom(port: number): Endpoint | undefined {
    return this.#ports.get(port);
  }

  /** Dials `endpoint`, over `transport` alone where one is given, and carries the connection until it ends; never rejects. */
  async dial(endpoint: Endpoint, transport: Transport | null = null): Promise<void> {
    const { plan, now, wake } = this.#context;
    const { connections } = this.#shares;
    connections.take(1);
    const first = plan.first(endpoint);
    let attempt: Attempt | null = transport === null ? first : { ...first, transport };
    while (attempt !== null) {
      const failure: Failure | null = await this.#attempt(endpoint, attempt);
      if (failure === null || this.#host.isOurselves(endpoint)) break;
      // known at once: another way may take as long
      this.#host.faults.note(endpoint, failure.fault, failure.reason);
      attempt = this.#closed ? null : plan.next(endpoint, attempt, failure.fault);
      if (attempt === null) this.#host.failed(endpoint, failure.fault, now());
    }
    connections.give(1);
    wake();
  }

  /**
   * Ends dials and handshakes; whoever was taken in stays. Resolves when no dial is under way. Those that succeed in
   * the next moment are closed then: one that is aborted in the moment it succeeds leaves its socket open for good
   * (Deno 2.8, 2.9), and the peer waits at the other end.
   */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { connection } of this.#pending) connection.close("The torrent stops");
    const dials = [...this.#connecting];
    const timer = setTimeout(() => dials.forEach(([abort]) => abort.abort()), GRACE_MS);
    await Promise.all(dials.map(([, over]) => over));
    clearTimeout(timer);
  }

  /** One way to `endpoint`; null when the peer was taken in, and is gone by now. */
  async #attempt(endpoint: Endpoint, attempt: Attempt): Promise<Failure | null> {
    let carrier: Carrier;
    try {
      carrier = await this.#connect(endpoint, attempt);
    } catch (error) {
      return { fault: connectFault(error), reason: reasonOf(error) };
    }
    if (!this.#closed) return await this.#run(carrier, endpoint, attempt);
    carrier.close();
    return null;
  }

  async #connect(endpoint: Endpoint, { transport }: Attempt): Promise<Carrier> {
    const { dial, options, wake } = this.#context;
    const { dials } = this.#shares;
    const abort = new AbortController();
    const over = Promise.withResolvers<void>();
    const timer = setTimeout(() => abort.abort(), options.connectTimeout * 1000);
    this.#connecting.set(abort, over.promise);
    dials.take(1);
    let held = true;
    // most who are refused are so at once: they do not keep others from being dialled
    const give = () => {
      if (held) dials.give(1);
      held = false;
      wake();
    };
    try {
      return await dial(endpoint, transport, abort.signal, give);
    } finally {
      clearTimeout(timer);
      this.#connecting.delete(abort);
      over.resolve();
      give();
    }
  }

  async #run(carrier: Carrier, endpoint: Endpoint, attempt: Attempt): Promise<Failure | null> {
    const { handshakes, options, now, plan, encryption } = this.#context;
    const ours = this.#host.handshake(endpoint);
    const opening = attempt.encrypted ? encryption.outgoing(ours.infoHash) : PLAIN;
    let joined = false;
    let stranger = false;
    const connection = new PeerConnection(
      ours,
      (theirs, connection) => {
        stranger = !this.#host.isAsked(theirs.infoHash);
        const accepted = this.#host.accept(theirs, connection, endpoint);
        joined = accepted !== null;
        if (joined) plan.works(endpoint, attempt);
        this.#pending.delete(pending);
        return accepted;
      },
      now(),
      opening,
    );
    const pending = handshakes.watch(connection, options.connectTimeout * 1000, now());
    this.#pending.add(pending);
    const { localPort } = carrier;
    if (localPort !== null) this.#ports.set(localPort, endpoint);
    await runLink(carrier, connection, new ReadLane(this.#shares.reads), this.#context);
    this.#pending.delete(pending);
    if (localPort !== null) this.#ports.delete(localPort);
    if (joined) return null;
    const fault = stranger ? "other-torrent" : handshakeFault(connection, pending.late);
    return { fault, reason: connection.closeReason ?? "closed" };
  }
}
