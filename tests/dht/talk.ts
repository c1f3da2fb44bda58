import {
  type Bytes,
  type Endpoint,
  endpointScope,
  type InfoHash,
  type Millis,
  millis,
  SeededRandom,
} from "../../src/base/mod.ts";
import {
  type AnswerMessage,
  decodeMessage,
  DhtNode,
  type DhtOptions,
  encodeMessage,
  type KrpcMessage,
  type NodeId,
  NOTHING,
  type Query,
  randomId,
} from "../../src/dht/mod.ts";

/** A packet our node sent, read. */
export interface Sent {
  readonly message: KrpcMessage;
  readonly to: Endpoint;
  readonly bytes: number;
}

/** One node of ours, a clock, and whoever talks to it. */
export class Talk {
  readonly random = new SeededRandom(5);
  readonly node: DhtNode;
  readonly sent: Sent[] = [];
  now: Millis = millis(1000);

  constructor(options: Partial<DhtOptions> = {}) {
    this.node = new DhtNode({
      port: {
        send: (packet, to) =>
          this.sent.push({ message: decodeMessage(packet), to, bytes: packet.length }),
        mayContact: (endpoint) => endpointScope(endpoint) === "public",
      },
      random: this.random,
      families: ["v4", "v6"],
      ...options,
    }, this.now);
  }

  /** Bytes go to the node. */
  raw(packet: Bytes, from: Endpoint): void {
    this.node.receive(packet, from, this.now);
  }

  /** A query goes to the node; its reply, null: none. */
  ask(
    query: Query,
    from: Endpoint,
    { id = randomId(this.random), readOnly = true }: { id?: NodeId; readOnly?: boolean } = {},
  ): KrpcMessage | null {
    const transaction = new Uint8Array([this.random.below(256), this.random.below(256)]);
    const before = this.sent.length;
    this.raw(encodeMessage({ type: "query", id, query, readOnly, transaction }), from);
    return this.sent[before]?.message ?? null;
  }

  /** The answer to a query; throws when there is none. */
  answerTo(query: Query, from: Endpoint): AnswerMessage {
    const reply = this.ask(query, from);
    if (reply?.type !== "answer") throw new Error(`Expected an answer, got ${reply?.type}`);
    return reply;
  }

  /** Lets time pass in steps of a tenth of a second. */
  wait(ms: number): void {
    const end = this.now + ms;
    while (this.now < end) {
      this.now = millis(Math.min(end, this.now + 100));
      this.node.tick(this.now);
    }
  }

  /** Answers every question that waits at `to`, as node `id`. How many there were. */
  reply(to: Endpoint, id: NodeId, answer: Partial<AnswerMessage["answer"]> = {}): number {
    const asked = this.sent.filter((each) =>
      each.to.host === to.host && each.to.port === to.port && each.message.type === "query"
    );
    for (const each of asked) {
      this.sent.splice(this.sent.indexOf(each), 1);
      this.raw(
        encodeMessage({
          type: "answer",
          id,
          transaction: each.message.transaction,
          answer: { ...NOTHING, ...answer },
          seenAs: null,
        }),
        to,
      );
    }
    return asked.length;
  }

  /** A node answers a question of ours and says how it sees us. */
  tell(by: Endpoint, seenAs: Endpoint): void {
    let transaction: Bytes | null = null;
    const listener = { peers: () => {}, done: () => {} };
    const infoHash = randomId(this.random) as Bytes as InfoHash;
    const before = this.sent.length;
    const search = this.node.search({ infoHash, announce: null }, listener, this.now);
    // whoever is asked first: the answer must come from there, so ask until it is this one
    for (const each of this.sent.slice(before)) {
      if (each.to.host === by.host) transaction = each.message.transaction;
    }
    search.cancel();
    if (transaction === null) return this.tell(by, seenAs);
    const id = this.node.export(this.now).find(({ endpoint }) => endpoint.host === by.host)!.id;
    this.raw(encodeMessage({ type: "answer", id, transaction, answer: NOTHING, seenAs }), by);
  }

  /** Has a node take a place in the table. */
  meet(endpoint: Endpoint, id = randomId(this.random)): NodeId {
    this.node.addNode(endpoint);
    this.wait(300);
    this.reply(endpoint, id);
    return id;
  }
}
