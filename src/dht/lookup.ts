import { type Bytes, type Endpoint, equalBytes, formatEndpoint, type Millis } from "../base/mod.ts";
import { BUCKET_SIZE } from "./bucket.ts";
import { addressOf } from "./contacts.ts";
import type { Answer, AnswerMessage, Contact } from "./message.ts";
import { networkOf } from "./neighbourhood.ts";
import { compareDistance, type NodeId } from "./node_id.ts";
import { isSecureId } from "./secure_id.ts";
import type { Asker } from "./transactions.ts";

/** Questions at a time (Kademlia's α), those that take longer than usual not counted. */
const ALPHA = 3;
/** A lookup ends when so many of the nearest have answered … */
const ENOUGH = BUCKET_SIZE;
/** … or so many, where ids do not follow from addresses (BEP 42): they may stand where they chose to. */
const ENOUGH_UNSURE = 2 * BUCKET_SIZE;
/** Nodes taken from one answer. */
const MOST_NAMED = BUCKET_SIZE;
const MOST_CANDIDATES = 200;
const MOST_QUESTIONS = 100;
/** So many that it named were not there: whom else it named comes last. */
const MOST_MISLED = 3;

/** What a lookup needs. */
export interface LookupPort {
  /** Puts the question to a node; false when it cannot be asked now. */
  ask(to: Endpoint, asker: Asker, now: Millis): boolean;
  /** Whether a node named by another may be asked at all. */
  mayContact(endpoint: Endpoint, from: Endpoint): boolean;
  /** A node answered. */
  answered(from: Contact, answer: Answer, now: Millis): void;
  /** It is over. */
  done(result: LookupResult, now: Millis): void;
}

/** What a lookup came to. */
export interface LookupResult {
  /** The nearest nodes that answered, nearest first, with the tokens they gave. */
  readonly nearest: readonly (Contact & { readonly token: Bytes | null })[];
  /** Questions and answers. */
  readonly asked: number;
  readonly answered: number;
  /** The longest way to one of the nearest: 1 for a node known before. */
  readonly hops: number;
}

interface Candidate {
  /** Null for an address whose id we do not know yet. */
  id: NodeId | null;
  readonly endpoint: Endpoint;
  readonly network: string | null;
  /** Who named it first; null: we knew it, or two named it. */
  source: Candidate | null;
  readonly hops: number;
  state: "new" | "asked" | "slow" | "answered" | "failed";
  token: Bytes | null;
  /** Of those it named: how many answered as it said, how many did not. */
  kept: number;
  misled: number;
}

/**
 * An iterative search for the nodes nearest to a target (BEP 5). Nodes that are dead cost the time after which an
 * answer is slower than usual; nodes that lie cost a few questions: one that names nodes which are not there is
 * believed last, and only nodes that answered themselves count.
 */
export class Lookup {
  readonly #target: Uint8Array;
  readonly #port: LookupPort;
  /** Nearest first. */
  readonly #candidates: Candidate[] = [];
  readonly #known = new Map<string, Candidate>();
  #asked = 0;
  #answered = 0;
  #over = false;

  constructor(target: Uint8Array, port: LookupPort) {
    this.#target = target;
    this.#port = port;
  }

  /** Adds nodes we know (`id` null: only where) and goes on with them. */
  start(
    known: readonly { readonly id: NodeId | null; readonly endpoint: Endpoint }[],
    now: Millis,
  ): void {
    for (const { id, endpoint } of known) this.#add(id, endpoint, null);
    this.#proceed(now);
  }

  /** Still searching. */
  get running(): boolean {
    return !this.#over;
  }

  /** Ends without a result. */
  cancel(): void {
    this.#over = true;
  }

  #add(id: NodeId | null, endpoint: Endpoint, source: Candidate | null): void {
    const key = formatEndpoint(endpoint);
    const known = this.#known.get(key);
    if (known !== undefined) {
      if (known.source !== source) known.source = null;
      return;
    }
    const candidate: Candidate = {
      id,
      endpoint,
      network: networkOf(endpoint),
      source,
      hops: (source?.hops ?? 0) + 1,
      state: "new",
      token: null,
      kept: 0,
      misled: 0,
    };
    this.#place(candidate);
    this.#known.set(key, candidate);
    if (this.#candidates.length <= MOST_CANDIDATES) return;
    // the farthest that nobody waits for
    const last = this.#candidates.findLastIndex(({ state }) =>
      state === "new" || state === "failed"
    );
    if (last < 0) return;
    const [gone] = this.#candidates.splice(last, 1);
    this.#known.delete(formatEndpoint(gone!.endpoint));
  }

  /** Puts it where its distance says; one without an id is asked first. */
  #place(candidate: Candidate): void {
    const { id } = candidate;
    let at = this.#candidates.findIndex((other) =>
      other.id !== null && (id === null || compareDistance(this.#target, id, other.id) < 0)
    );
    if (at < 0) at = this.#candidates.length;
    this.#candidates.splice(at, 0, candidate);
  }

  #proceed(now: Millis): void {
    if (this.#over) return;
    let flying = this.#candidates.filter(({ state }) => state === "asked").length;
    while (flying < ALPHA && this.#asked < MOST_QUESTIONS) {
      const next = this.#next();
      if (next === null) break;
      next.state = "asked";
      if (!this.#port.ask(next.endpoint, this.#asker(next), now)) {
        next.state = "failed";
        continue;
      }
      this.#asked++;
      flying++;
    }
    if (flying === 0) this.#end(now);
  }

  /** Whom to ask next; null when the nearest have answered, or nobody is left. */
  #next(): Candidate | null {
    const taken = this.#networks();
    let doubtful: Candidate | null = null;
    let sure = 0;
    let all = 0;
    for (const candidate of this.#candidates) {
      const { state, network } = candidate;
      if (state === "answered") {
        all++;
        if (isSure(candidate)) sure++;
        if (sure >= ENOUGH || all >= ENOUGH_UNSURE) return null;
      }
      if (state !== "new" || (network !== null && taken.has(network))) continue;
      if (!isDoubtful(candidate.source)) return candidate;
      doubtful ??= candidate;
    }
    return doubtful;
  }

  /** Networks of which one node was asked and may answer: one of each is enough. */
  #networks(): ReadonlySet<string> {
    const out = new Set<string>();
    for (const { state, network } of this.#candidates) {
      if (network !== null && (state === "asked" || state === "answered")) out.add(network);
    }
    return out;
  }

  #asker(candidate: Candidate): Asker {
    return {
      answered: (message, now) => this.#heard(candidate, message, now),
      slow: (now) => {
        if (candidate.state === "asked") candidate.state = "slow";
        this.#proceed(now);
      },
      failed: (now) => {
        candidate.state = "failed";
        if (candidate.source !== null) candidate.source.misled++;
        this.#proceed(now);
      },
    };
  }

  #heard(candidate: Candidate, { id, answer }: AnswerMessage, now: Millis): void {
    if (this.#over) return;
    this.#answered++;
    candidate.state = "answered";
    candidate.token = answer.token;
    const { source } = candidate;
    const asNamed = candidate.id !== null && equalBytes(id, candidate.id);
    if (source !== null) {
      if (asNamed) source.kept++;
      else source.misled++;
    }
    if (!asNamed) {
      // it stands where it says itself
      this.#candidates.splice(this.#candidates.indexOf(candidate), 1);
      candidate.id = id;
      this.#place(candidate);
    }
    this.#port.answered({ id, endpoint: candidate.endpoint }, answer, now);
    const named = candidate.endpoint.host.includes(":") ? answer.nodes6 : answer.nodes;
    const nearest = named.length <= MOST_NAMED
      ? named
      : [...named].sort((a, b) => compareDistance(this.#target, a.id, b.id)).slice(0, MOST_NAMED);
    for (const { id, endpoint } of nearest) {
      if (this.#port.mayContact(endpoint, candidate.endpoint)) this.#add(id, endpoint, candidate);
    }
    this.#proceed(now);
  }

  #end(now: Millis): void {
    this.#over = true;
    const answered = this.#candidates.filter(({ state }) => state === "answered");
    const sure = answered.filter(isSure).slice(0, ENOUGH);
    const unsure = answered.filter((candidate) => !isSure(candidate)).slice(0, ENOUGH);
    const chosen = answered.filter((each) => sure.includes(each) || unsure.includes(each));
    this.#port.done({
      nearest: chosen.map(({ id, endpoint, token }) => ({ id: id!, endpoint, token })),
      asked: this.#asked,
      answered: this.#answered,
      hops: Math.max(0, ...chosen.map(({ hops }) => hops)),
    }, now);
  }
}

/** Its id follows from its address, or it need not. */
function isSure({ id, endpoint }: Candidate): boolean {
  return id !== null && isSecureId(id, addressOf(endpoint));
}

/** Most of whom it named were not there. */
function isDoubtful(source: Candidate | null): boolean {
  return source !== null && source.misled >= MOST_MISLED && source.misled > source.kept;
}
