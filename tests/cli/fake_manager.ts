/** A manager in memory that speaks the RPC: what a command sends is kept, what it is told is a value. */
import type { RpcReply, RpcRequest, Transport } from "../../src/remote/mod.ts";
import { World } from "./world.ts";

/** A JSON object. */
export type Json = Record<string, unknown>;

/** A call as the manager got it. */
export interface Call {
  readonly method: string;
  readonly args: Json;
}

/** A torrent with figures that a test need not care about. */
export function torrent(id: number, name: string, more: Json = {}): Json {
  return {
    id,
    name,
    hashString: String(id).padStart(2, "0").repeat(20),
    status: 4,
    error: 0,
    errorString: "",
    sizeWhenDone: 1000 * 2 ** 20,
    leftUntilDone: 250 * 2 ** 20,
    metadataPercentComplete: 1,
    recheckProgress: 0,
    rateDownload: 0,
    rateUpload: 0,
    uploadRatio: 0.5,
    eta: -1,
    peersConnected: 3,
    peersSendingToUs: 2,
    peersGettingFromUs: 1,
    labels: [],
    queuePosition: id - 1,
    addedDate: 1_700_000_000,
    isFinished: false,
    ...more,
  };
}

/** What one manager knows and was asked. */
export class FakeManager {
  readonly calls: Call[] = [];
  /** Where connections were opened to, and what was sent, all of it. */
  readonly opened: string[] = [];
  readonly requests: RpcRequest[] = [];
  torrents: Json[] = [];
  session: Json = { version: "3.00 (test)", "rpc-version": 16, units: { "speed-bytes": 1000 } };
  /** Settings that are passed over. */
  readonly fixed = new Set<string>();
  /** `name:password` that is wanted, null: none. */
  auth: string | null = null;
  /** Answers of methods that this class has none for; a text is a `result` that is no success. */
  readonly answers: Record<string, (args: Json) => Json | string> = {};
  /** Takes the place of every answer. */
  reply: (() => RpcReply | Promise<RpcReply>) | null = null;
  closed = 0;

  /** A world whose manager this is. */
  world(): World {
    const world = new World();
    world.manager = (address) => {
      this.opened.push(address.kind === "http" ? address.url : address.shown);
      return this.transport();
    };
    return world;
  }

  transport(): Transport {
    return {
      send: (request) => {
        this.requests.push(request);
        return Promise.resolve(this.reply?.() ?? this.#answer(request));
      },
      close: () => void this.closed++,
    };
  }

  /** The calls of methods that change something. */
  get changes(): Call[] {
    return this.calls.filter(({ method }) => !/-get$|-stats$/.test(method));
  }

  #answer({ headers, body }: RpcRequest): RpcReply {
    const refusal = (status: number, sessionId: string | null = null) => ({
      status,
      sessionId,
      body: "<h1>no</h1>",
    });
    const given = headers["authorization"] ?? "";
    if (this.auth !== null && given !== `Basic ${btoa(this.auth)}`) return refusal(401);
    if (headers["x-transmission-session-id"] !== "abc") return refusal(409, "abc");
    const { method, arguments: args } = JSON.parse(body) as { method: string; arguments: Json };
    this.calls.push({ method, args });
    const outcome = this.#outcome(method, args);
    const answer = typeof outcome === "string"
      ? { result: outcome, arguments: {} }
      : { result: "success", arguments: outcome };
    return { status: 200, sessionId: null, body: JSON.stringify(answer) };
  }

  #outcome(method: string, args: Json): Json | string {
    const own = this.answers[method];
    if (own !== undefined) return own(args);
    switch (method) {
      case "session-get":
        return this.session;
      case "session-set":
        for (const [key, value] of Object.entries(args)) {
          if (!this.fixed.has(key)) this.session[key] = value;
        }
        return {};
      case "torrent-get":
        return { torrents: this.#get(args) };
      case "torrent-add": {
        const id = this.torrents.length + 1;
        const added = torrent(id, `new ${id}`);
        this.torrents.push(added);
        const { hashString, name } = added;
        return { "torrent-added": { id, hashString, name } };
      }
      default:
        return /^(torrent|queue)-/.test(method) ? {} : "method name not recognized";
    }
  }

  #get({ ids, fields }: Json): Json[] {
    const wanted = fields as string[];
    return this.torrents
      .filter(({ hashString }) => ids === undefined || (ids as unknown[]).includes(hashString))
      .map((one) =>
        Object.fromEntries(wanted.filter((key) => key in one).map((key) => [key, one[key]]))
      );
  }
}
