/**
 * Questions to UDP trackers and their answers (BEP 15): connection ids, repeats, and who may answer.
 *
 * A driver owns the clock and the socket:
 *
 * ```
 * const exchange = new UdpExchange((packet, to) => socket.send(packet, to), random);
 * const asked = exchange.ask(tracker, question, now, (outcome) => …);   // the outcome comes once
 * exchange.cancel(asked);                 // and after this not at all
 * exchange.receive(packet, from, now);    // whatever arrives
 * exchange.tick(now);                     // at nextDeadline()
 * ```
 */
import {
  type Bytes,
  type Endpoint,
  formatEndpoint,
  messageOf,
  type Millis,
  type Random,
  TrackerError,
} from "../base/mod.ts";
import { decodeConnectAnswer, encodeConnect, readUdpHead, UdpAction } from "./udp_messages.ts";

/** What is asked, and what its answer says. */
export interface UdpQuestion<T> {
  /** The packet for a connection id of 8 bytes. */
  encode(connection: Uint8Array, transaction: number): Bytes;
  /** Throws `TrackerError` on an answer that is none or a refusal. */
  decode(answer: Bytes): T;
}

/** How a question ended. */
export type UdpOutcome<T> =
  | { readonly ok: true; readonly answer: T }
  | { readonly ok: false; readonly error: TrackerError };

/** A question under way, as a handle. */
export interface UdpAsked {
  readonly to: Endpoint;
}

/** Milliseconds a connection id may be used. */
export const CONNECTION_LIFE = 60_000;
/** Milliseconds before a question is repeated for the first time; each repeat doubles it. */
export const FIRST_WAIT = 15_000;
/** Milliseconds in which further questions rely on a connect that is under way. */
const CONNECT_SHARED = 3_000;
/** Repeats at most, so that the last answer is awaited for 15·2⁸ s. */
export const MAX_REPEATS = 8;

/** One question under way. */
interface Asking extends UdpAsked {
  readonly transaction: number;
  readonly question: UdpQuestion<unknown>;
  readonly done: (outcome: UdpOutcome<unknown>) => void;
  readonly giveUpAt: number;
  repeats: number;
  repeatAt: number;
  /** The connection id it was sent with last, null: never yet. */
  sentWith: Bytes | null;
  /** It goes out as soon as there is a connection id. */
  waiting: boolean;
  /** The id was got for an earlier question, so that the tracker may have forgotten it. */
  borrowed: boolean;
}

/** What is known of one address. */
interface Contact {
  readonly to: Endpoint;
  readonly asking: Map<number, Asking>;
  /** The connect under way, null: none. */
  connecting: { readonly transaction: number; readonly sentAt: Millis } | null;
  connection: { readonly id: Bytes; readonly until: Millis } | null;
}

/** All questions to all UDP trackers. Nobody but the asked address can answer, and only with the question's number. */
export class UdpExchange {
  readonly #send: (packet: Bytes, to: Endpoint) => void;
  readonly #random: Random;
  readonly #contacts = new Map<string, Contact>();

  constructor(send: (packet: Bytes, to: Endpoint) => void, random: Random) {
    this.#send = send;
    this.#random = random;
  }

  /**
   * Asks and repeats after 15, 30, 60 s … for `patience` milliseconds at most, 15·2⁸ s without. `done` is called
   * once, never from here.
   */
  ask<T>(
    to: Endpoint,
    question: UdpQuestion<T>,
    now: Millis,
    done: (outcome: UdpOutcome<T>) => void,
    patience = Infinity,
  ): UdpAsked {
    const contact = this.#contactOf(to);
    const asking: Asking = {
      to,
      transaction: this.#number(contact),
      question,
      done: done as (outcome: UdpOutcome<unknown>) => void,
      giveUpAt: now + patience,
      repeats: 0,
      repeatAt: now + FIRST_WAIT,
      sentWith: null,
      waiting: false,
      borrowed: false,
    };
    contact.asking.set(asking.transaction, asking);
    this.#transmit(contact, asking, now);
    return asking;
  }

  /** Forgets a question; its answer will mean nothing. */
  cancel(asked: UdpAsked): void {
    const contact = this.#contacts.get(formatEndpoint(asked.to));
    for (const [transaction, asking] of contact?.asking ?? []) {
      if (asking === asked) contact!.asking.delete(transaction);
    }
  }

  /** Takes a packet from the network; what answers nothing of ours is dropped. */
  receive(packet: Bytes, from: Endpoint, now: Millis): void {
    const contact = this.#contacts.get(formatEndpoint(from));
    const head = readUdpHead(packet);
    if (contact === undefined || head === null) return;
    if (head.transaction === contact.connecting?.transaction) {
      return this.#connected(contact, packet, now);
    }
    const asking = contact.asking.get(head.transaction);
    // what was never sent cannot be answered
    if (asking === undefined || asking.sentWith === null) return;
    if (head.action === UdpAction.error && asking.borrowed) {
      // most likely a tracker that began anew and knows the id no more
      return this.#reconnect(contact, asking, now);
    }
    this.#end(contact, asking, () => asking.question.decode(packet));
  }

  /** Repeats what was not answered, and gives up what was not answered long enough. */
  tick(now: Millis): void {
    for (const [key, contact] of this.#contacts) {
      for (const asking of [...contact.asking.values()]) {
        if (now >= deadlineOf(asking)) this.#late(contact, asking, now);
      }
      const { asking, connection } = contact;
      if (asking.size === 0 && now >= (connection?.until ?? 0)) this.#contacts.delete(key);
    }
  }

  /** When {@linkcode tick} has something to do; Infinity for never as things stand. */
  nextDeadline(): number {
    let at = Infinity;
    for (const { asking } of this.#contacts.values()) {
      for (const each of asking.values()) at = Math.min(at, deadlineOf(each));
    }
    return at;
  }

  #late(contact: Contact, asking: Asking, now: Millis): void {
    if (now >= asking.giveUpAt || asking.repeats === MAX_REPEATS) {
      return this.#end(contact, asking, () => {
        throw new TrackerError("No answer", "silent");
      });
    }
    asking.repeats++;
    asking.repeatAt = now + FIRST_WAIT * 2 ** asking.repeats;
    // an id from before may be what keeps the tracker silent
    if (asking.borrowed) this.#reconnect(contact, asking, now);
    else this.#transmit(contact, asking, now);
  }

  #reconnect(contact: Contact, asking: Asking, now: Millis): void {
    if (contact.connection?.id === asking.sentWith) contact.connection = null;
    this.#transmit(contact, asking, now);
  }

  /** Sends the question, or first asks for the connection id it needs. */
  #transmit(contact: Contact, asking: Asking, now: Millis): void {
    const { connection, to } = contact;
    if (connection !== null && now < connection.until) {
      if (asking.sentWith !== connection.id) asking.borrowed = true;
      return this.#sendWith(contact, asking, connection.id);
    }
    contact.connection = null;
    asking.waiting = true;
    const shared = contact.connecting;
    if (shared !== null && now - shared.sentAt < CONNECT_SHARED) return;
    // a repeated connect keeps its number, so that a late answer to the first will do
    const transaction = shared?.transaction ?? this.#number(contact);
    contact.connecting = { transaction, sentAt: now };
    this.#send(encodeConnect(transaction), to);
  }

  #connected(contact: Contact, packet: Bytes, now: Millis): void {
    contact.connecting = null;
    let id: Bytes;
    try {
      id = decodeConnectAnswer(packet);
    } catch (error) {
      for (const asking of [...contact.asking.values()]) {
        if (!asking.waiting) continue;
        this.#end(contact, asking, () => {
          throw error;
        });
      }
      return;
    }
    contact.connection = { id, until: (now + CONNECTION_LIFE) as Millis };
    for (const asking of contact.asking.values()) {
      if (!asking.waiting) continue;
      asking.borrowed = false;
      this.#sendWith(contact, asking, id);
    }
  }

  #sendWith(contact: Contact, asking: Asking, id: Bytes): void {
    asking.sentWith = id;
    asking.waiting = false;
    this.#send(asking.question.encode(id, asking.transaction), contact.to);
  }

  #end(contact: Contact, asking: Asking, decode: () => unknown): void {
    contact.asking.delete(asking.transaction);
    let outcome: UdpOutcome<unknown>;
    try {
      outcome = { ok: true, answer: decode() };
    } catch (error) {
      outcome = {
        ok: false,
        error: error instanceof TrackerError ? error : new TrackerError(messageOf(error)),
      };
    }
    asking.done(outcome);
  }

  #contactOf(to: Endpoint): Contact {
    const key = formatEndpoint(to);
    let contact = this.#contacts.get(key);
    if (contact === undefined) {
      contact = { to, asking: new Map(), connecting: null, connection: null };
      this.#contacts.set(key, contact);
    }
    return contact;
  }

  /** A transaction that nothing else at this address has. */
  #number({ asking, connecting }: Contact): number {
    for (;;) {
      const number = this.#random.below(2 ** 32);
      if (!asking.has(number) && number !== connecting?.transaction) return number;
    }
  }
}

function deadlineOf({ repeatAt, giveUpAt }: Asking): number {
  return Math.min(repeatAt, giveUpAt);
}
