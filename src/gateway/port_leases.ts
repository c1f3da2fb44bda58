/**
 * Ports that a gateway lends us by PCP (RFC 6887), or NAT-PMP (RFC 6886) where it does not know that.
 *
 * A driver owns the clock and the socket:
 *
 * ```
 * const leases = new PortLeases(options, (packet) => socket.send(packet, gateway), now);
 * leases.receive(packet, now);   // whatever comes from the gateway's address and port
 * leases.tick(now);              // at nextDeadline()
 * leases.status                  // asking, mapped or failed
 * leases.leave(now);             // and it is over when status.phase is "left"
 * ```
 */
import { type Bytes, type Millis, type Random, randomBytes } from "../base/mod.ts";
import { Epoch } from "./epoch.ts";
import {
  decodeNatPmp,
  encodeNatPmpAddress,
  encodeNatPmpMapping,
  isUnknownVersion,
  NAT_PMP_RESULTS,
  type NatPmpAnswer,
  type Transport,
} from "./nat_pmp.ts";
import {
  answersTo,
  decodePcp,
  encodePcp,
  isPcpUnknownVersion,
  NONCE_BYTES,
  PCP_RESULTS,
  type PcpAnswer,
  PcpResult,
} from "./pcp.ts";

/** Before a packet is repeated for the first time; doubled each time (RFC 6886, 3.1). */
export const FIRST_WAIT_MS = 250;
/** Packets of a question: to a gateway that never answered, so that another way is tried soon; to one that did, 64 s. */
const FEW_TRIES = 3;
const MOST_TRIES = 9;
/** To say that we leave; to a gateway that never answered, in case it did what it was asked. */
const LEAVE_TRIES = 2;
const UNHEARD_LEAVE_TRIES = 1;
/** Seconds asked for. Half of it is how long a gateway's restart may go unseen. */
export const LIFETIME = 3600;
/** Seconds: a gateway that grants less or more is not taken at its word (RFC 6887, 15). */
const LEAST_LIFETIME = 120;
const MOST_LIFETIME = 86_400;
/** Between two renewals at least, whatever the gateway says. */
const LEAST_RENEWAL_MS = 60_000;

/** What is to be mapped, and as whom. */
export interface LeaseOptions {
  /** Our own address on the gateway's network; null: not known, so PCP is left out. */
  readonly client: string | null;
  /** Ports of ours that others are to reach. */
  readonly ports: Readonly<Partial<Record<Transport, number>>>;
  readonly random: Random;
}

/** How it stands. */
export type LeaseStatus =
  | { readonly phase: "asking" }
  /** Everything was given back, as far as the gateway hears us. */
  | { readonly phase: "left" }
  | {
    readonly phase: "mapped";
    readonly protocol: "PCP" | "NAT-PMP";
    /** Outside address, null: not told. */
    readonly host: string | null;
    /** Outside ports; one that is missing was not given. */
    readonly ports: Readonly<Partial<Record<Transport, number>>>;
  }
  /** `silent`: it never answered, so another way may work. */
  | { readonly phase: "failed"; readonly silent: boolean; readonly message: string };

/** Something that is asked for until it is answered. */
interface Asked {
  /** Packets sent since the last answer. */
  tries: number;
  /** When the next one goes out. */
  at: number;
}

interface Lease extends Asked {
  readonly transport: Transport;
  readonly port: number;
  readonly nonce: Bytes;
  /** The outside port, null: not held. */
  external: number | null;
  /** Until when it is held. */
  until: number;
  /** The gateway may have it in place, whatever we know: it was asked to, and did not refuse. */
  open: boolean;
  refusal: string | null;
}

/** The leases of one gateway. Nobody is believed but who answers our own requests, and no more often than we asked. */
export class PortLeases {
  readonly #client: string | null;
  readonly #send: (packet: Bytes) => void;
  readonly #leases: readonly Lease[];
  readonly #address: Asked & { host: string | null };
  readonly #epoch = new Epoch();
  #protocol: "PCP" | "NAT-PMP";
  /** It answered us in this protocol. */
  #answered = false;
  #renewedAt: Millis;
  #over: LeaseStatus | null = null;
  #leaving = false;

  /** Asks with the first {@linkcode tick}. */
  constructor({ client, ports, random }: LeaseOptions, send: (packet: Bytes) => void, now: Millis) {
    this.#client = client;
    this.#send = send;
    this.#protocol = client === null ? "NAT-PMP" : "PCP";
    this.#renewedAt = now;
    this.#address = { tries: 0, at: now, host: null };
    this.#leases = (Object.entries(ports) as [Transport, number][]).map(([transport, port]) => ({
      transport,
      port,
      nonce: randomBytes(NONCE_BYTES, random),
      tries: 0,
      at: now,
      external: null,
      until: Infinity,
      open: false,
      refusal: null,
    }));
  }

  /** How it stands now. */
  get status(): LeaseStatus {
    if (this.#over !== null) return this.#over;
    const held = this.#leases.filter(({ external }) => external !== null);
    // not before the other port is answered for too, or takes long
    const waits = this.#leases.some(({ external, refusal, tries }) =>
      external === null && refusal === null && tries <= FEW_TRIES
    );
    if (held.length === 0 || waits) return { phase: "asking" };
    return {
      phase: "mapped",
      protocol: this.#protocol,
      host: this.#address.host,
      ports: Object.fromEntries(held.map(({ transport, external }) => [transport, external])),
    };
  }

  /** When {@linkcode tick} has something to do. */
  nextDeadline(): number {
    if (this.#over !== null) return Infinity;
    const all = this.#leases.map(({ at, until }) => Math.min(at, until));
    return Math.min(...all, this.#asksAddress ? this.#address.at : Infinity);
  }

  /** Sends what is due; gives up what was asked for too often. */
  tick(now: Millis): void {
    // first, so that it is known when the first port is
    if (this.#over === null && this.#asksAddress && this.#address.at <= now) {
      this.#due(this.#address, now, () => this.#send(encodeNatPmpAddress()));
    }
    for (const lease of this.#leases) {
      if (this.#over !== null) return;
      if (lease.until <= now) this.#lost(lease);
      if (lease.at <= now) this.#due(lease, now, () => this.#ask(lease));
    }
  }

  /** Takes a packet from the gateway; what answers nothing of ours is dropped. */
  receive(packet: Bytes, now: Millis): void {
    if (this.#over !== null) return;
    if (this.#protocol === "PCP") {
      if (!this.#answered && (isUnknownVersion(packet) || isPcpUnknownVersion(packet))) {
        return this.#fallBack(now);
      }
      const answer = decodePcp(packet);
      if (answer !== null) this.#tookPcp(answer, now);
    } else {
      const answer = decodeNatPmp(packet);
      if (answer !== null) this.#tookNatPmp(answer, now);
    }
  }

  /** Gives the ports back; it is over when the gateway has heard, or soon. */
  leave(now: Millis): void {
    if (this.#over !== null || this.#leaving) return;
    this.#leaving = true;
    for (const lease of this.#leases) {
      lease.tries = 0;
      lease.until = Infinity;
      lease.at = lease.open ? now : Infinity;
    }
    this.#maybeLeft();
    this.tick(now);
  }

  get #asksAddress(): boolean {
    return this.#protocol === "NAT-PMP" && !this.#leaving;
  }

  get #mostTries(): number {
    if (this.#leaving) return this.#answered ? LEAVE_TRIES : UNHEARD_LEAVE_TRIES;
    return this.#answered ? MOST_TRIES : FEW_TRIES;
  }

  #due(asked: Asked, now: Millis, send: () => void): void {
    if (asked.tries < this.#mostTries) {
      asked.at = now + FIRST_WAIT_MS * 2 ** asked.tries++;
      return send();
    }
    if (this.#leaving) return this.#gone(asked as Lease);
    if (!this.#answered) return this.#silent(now);
    // it has answered before and does not now: asked again later, while what it gave may still hold
    asked.tries = 0;
    const left = "until" in asked ? (asked as Lease).until - now : 2 * LEAST_RENEWAL_MS;
    asked.at = now + Math.max(LEAST_RENEWAL_MS, Number.isFinite(left) ? left / 2 : 0);
    if (this.#leases.every(({ external }) => external === null)) this.#fail(true, "it fell silent");
  }

  #ask(lease: Lease): void {
    if (!this.#leaving) lease.open = true;
    this.#say(lease, this.#leaving ? 0 : LIFETIME);
  }

  /** What was asked for, and perhaps given without our hearing of it, is given back; once, as nobody may be there. */
  #giveBack(): void {
    for (const lease of this.#leases.filter(({ open }) => open)) {
      lease.open = false;
      this.#say(lease, 0);
    }
  }

  #say({ transport, port, nonce, external }: Lease, lifetime: number): void {
    if (this.#protocol === "NAT-PMP") {
      // 0 for a mapping that ends; otherwise what we had, or the same as inside
      const wish = lifetime === 0 ? 0 : external ?? port;
      return this.#send(encodeNatPmpMapping(transport, port, wish, lifetime));
    }
    this.#send(encodePcp({
      transport,
      client: this.#client!,
      nonce,
      internalPort: port,
      externalPort: external ?? port,
      externalHost: external === null ? null : this.#address.host,
      lifetime,
    }));
  }

  #tookPcp(answer: PcpAnswer, now: Millis): void {
    const lease = this.#leases.find(({ port, transport, nonce }) =>
      answersTo(answer, { transport, nonce, internalPort: port })
    );
    if (lease === undefined || lease.tries === 0) return;
    const { result, externalHost } = answer;
    if (result === PcpResult.mismatch && !this.#answered) return this.#fallBack(now);
    if (result === PcpResult.success) this.#address.host = externalHost;
    this.#took(lease, answer, PCP_RESULTS, now);
  }

  #tookNatPmp(answer: NatPmpAnswer, now: Millis): void {
    if (answer.kind === "mapping") {
      const lease = this.#leases.find(({ transport, port }) =>
        transport === answer.transport && port === answer.internalPort
      );
      if (lease !== undefined && lease.tries > 0) this.#took(lease, answer, NAT_PMP_RESULTS, now);
      return;
    }
    if (this.#address.tries === 0) return;
    this.#answered = true;
    this.#address.host = answer.host;
    this.#address.tries = 0;
    this.#address.at = now + LIFETIME * 500;
    this.#watchEpoch(answer.epoch, now);
  }

  /** The gateway said something about a lease of ours. */
  #took(
    lease: Lease,
    answer: Pick<PcpAnswer, "result" | "epoch" | "lifetime" | "externalPort">,
    results: readonly string[],
    now: Millis,
  ): void {
    this.#answered = true;
    if (this.#leaving) {
      // what was asked for before may be answered only now
      if (answer.result !== 0 || answer.lifetime === 0) this.#gone(lease);
      return;
    }
    lease.tries = 0;
    if (answer.result !== 0 || answer.lifetime === 0 || answer.externalPort === 0) {
      return this.#refused(lease, results[answer.result] ?? `it answers ${answer.result}`);
    }
    const granted = Math.min(MOST_LIFETIME, Math.max(LEAST_LIFETIME, answer.lifetime)) * 1000;
    lease.external = answer.externalPort;
    lease.refusal = null;
    lease.until = now + granted;
    lease.at = now + Math.max(LEAST_RENEWAL_MS, granted / 2);
    this.#watchEpoch(answer.epoch, now);
  }

  /** A gateway that began anew has forgotten us; one that says so in every answer is asked no more often than usual. */
  #watchEpoch(epoch: number, now: Millis): void {
    if (this.#epoch.check(epoch, now) || now - this.#renewedAt < LEAST_RENEWAL_MS) return;
    this.#renewedAt = now;
    for (const lease of this.#leases) {
      lease.tries = 0;
      lease.at = now;
    }
  }

  #refused(lease: Lease, why: string): void {
    // refusing to renew takes nothing away
    lease.open = lease.external !== null;
    lease.external = null;
    lease.refusal = why;
    lease.at = lease.until = Infinity;
    if (this.#leases.every(({ refusal }) => refusal !== null)) this.#fail(false, why);
  }

  #lost(lease: Lease): void {
    lease.external = null;
    lease.until = Infinity;
    if (this.#leases.every(({ external }) => external === null)) this.#fail(true, "it fell silent");
  }

  #silent(now: Millis): void {
    if (this.#protocol === "NAT-PMP") return this.#fail(true, "it does not answer");
    this.#giveBack();
    this.#fallBack(now);
  }

  /** To NAT-PMP, which a gateway without PCP may know. */
  #fallBack(now: Millis): void {
    this.#protocol = "NAT-PMP";
    for (const asked of [...this.#leases, this.#address]) {
      asked.tries = 0;
      asked.at = now;
    }
    for (const lease of this.#leases) lease.open = false;
  }

  #fail(silent: boolean, message: string): void {
    this.#over = { phase: "failed", silent, message };
    this.#giveBack();
  }

  #gone(lease: Lease): void {
    lease.external = null;
    lease.open = false;
    lease.at = Infinity;
    this.#maybeLeft();
  }

  #maybeLeft(): void {
    if (this.#leases.every(({ open }) => !open)) this.#over = { phase: "left" };
  }
}
