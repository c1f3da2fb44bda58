/** A tracker of our own, over HTTP and UDP: `tm tracker`, and the real thing behind loopback tests. */
import {
  type Bytes,
  type Endpoint,
  endpoint,
  type InfoHash,
  messageOf,
  millis,
  SystemRandom,
  TrackerError,
} from "../base/mod.ts";
import {
  encodeAnnounceAnswer,
  encodeFailure,
  encodeScrapeAnswer,
  parseAnnounceQuery,
  parseScrapeQuery,
  type RegistryLimits,
  SwarmRegistry,
  UdpService,
} from "../tracker/mod.ts";
import { UdpSocket } from "./udp_socket.ts";

/** Where to listen and how much to hold. */
export interface TrackerServerOptions {
  /** An address; `::` listens on IPv4 as well. */
  readonly hostname: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Seconds between a client's announces; peers are forgotten after three of them. */
  readonly interval?: number;
  readonly limits?: Partial<Omit<RegistryLimits, "peerLife">>;
}

const INTERVAL = 300;
const MIN_INTERVAL = 60;
const MAX_TORRENTS = 10_000;
const MAX_PEERS = 2_000;
/** Milliseconds that half-sent requests may delay a shutdown. */
const GRACE_MS = 500;
/** Ports tried, when any will do, until one is free for both HTTP and UDP. */
const MOST_TRIES = 20;

/**
 * Answers `/announce` and `/scrape` (GET), `/` with a line for people, and on the same port the same over UDP,
 * whatever the path. A peer's address is the one it comes from; what it says of it is ignored. Throws the system's
 * error (`AddrInUse`, …) at once.
 */
export class TrackerServer {
  readonly #registry: SwarmRegistry;
  readonly #interval: number;
  readonly #udp: UdpSocket;
  readonly #udpRun: Promise<void>;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #controller = new AbortController();

  constructor(options: TrackerServerOptions) {
    this.#interval = options.interval ?? INTERVAL;
    const limits = {
      maxTorrents: MAX_TORRENTS,
      maxPeers: MAX_PEERS,
      ...options.limits,
      peerLife: 3 * this.#interval * 1000,
    };
    const random = new SystemRandom();
    this.#registry = new SwarmRegistry(limits, random);
    const { hostname, port } = options;
    // UDP first: its port is taken at once, and given back at once when HTTP cannot have it
    [this.#udp, this.#server] = onOnePort(hostname, port, (port) => this.#serve(hostname, port));
    const service = new UdpService({ registry: this.#registry, interval: this.#interval, random });
    this.#udpRun = this.#udp.run((packet, from) => {
      const answer = service.answer(packet, from, millis(performance.now()));
      if (answer !== null) this.#udp.send(answer, from);
    });
  }

  /** The port it listens on. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** The announce URL as seen from this machine. */
  get announceUrl(): string {
    return `http://${this.#authority()}/announce`;
  }

  /** The same over UDP. */
  get udpUrl(): string {
    return `udp://${this.#authority()}/announce`;
  }

  /** Serves a torrent for good, beyond its limit of torrents, with a seed that is always there under these addresses. */
  hold(infoHash: InfoHash, seeds: readonly Endpoint[]): void {
    this.#registry.hold(infoHash, seeds);
  }

  /** Torrents and peers it holds. */
  get counts(): { torrents: number; peers: number } {
    return { torrents: this.#registry.torrents, peers: this.#registry.peers };
  }

  /** Stops listening; resolves when every connection is closed, which takes half a second at most. */
  async shutdown(): Promise<void> {
    const timer = setTimeout(() => this.#controller.abort(), GRACE_MS);
    this.#udp.close();
    try {
      await this.#udpRun;
      await Promise.race([this.#server.shutdown(), this.#server.finished]);
      await this.#server.finished;
    } finally {
      clearTimeout(timer);
    }
  }

  #serve(hostname: string, port: number): Deno.HttpServer<Deno.NetAddr> {
    return Deno.serve({
      hostname,
      port,
      signal: this.#controller.signal,
      onListen: () => {},
      onError: () => new Response("Internal error\n", { status: 500 }),
    }, (request, info) => this.#answer(request, info.remoteAddr.hostname));
  }

  #authority(): string {
    const { hostname, port } = this.#server.addr;
    const host = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
    return `${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  #answer(request: Request, remote: string): Response {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Only GET is answered\n", {
        status: 405,
        headers: { allow: "GET, HEAD" },
      });
    }
    // split by hand: URL's own query parsing would read the raw bytes of a hash as UTF-8
    // nor is it a URL always: libtorrent names an IPv6 host without its brackets
    const at = request.url.indexOf("?");
    const query = at < 0 ? "" : request.url.slice(at + 1);
    const path = /^\w+:\/\/[^/?]*([^?]*)/.exec(request.url)?.[1];
    switch (path) {
      case "/announce":
        return reply(() => this.#announce(query, remote));
      case "/scrape":
        return reply(() => this.#scrape(query));
      case "/": {
        const { torrents, peers } = this.counts;
        const text = `TorrentManager tracker\nTorrents: ${torrents}\nPeers: ${peers}\n`;
        return new Response(text, { headers: { "content-type": "text/plain; charset=utf-8" } });
      }
      default:
        return new Response("Not found\n", { status: 404 });
    }
  }

  #announce(text: string, remote: string): Bytes {
    const query = parseAnnounceQuery(text);
    const from = endpoint(remote, query.port);
    if (from === null) throw new TrackerError("Expected a plain IP address to come from");
    const answer = this.#registry.announce({ ...query, endpoint: from }, millis(performance.now()));
    if (answer === null) throw new TrackerError("This tracker is full");
    const times = { interval: this.#interval, minInterval: Math.min(MIN_INTERVAL, this.#interval) };
    return encodeAnnounceAnswer({ ...answer, ...times }, query);
  }

  #scrape(text: string): Bytes {
    const now = millis(performance.now());
    return encodeScrapeAnswer(
      parseScrapeQuery(text).map((hash) => [hash, this.#registry.scrape(hash, now)] as const),
    );
  }
}

/** A UDP socket and what `serve` makes, on one port; 0 is any that is free for both. */
function onOnePort<T>(
  hostname: string,
  port: number,
  serve: (port: number) => T,
): [udp: UdpSocket, server: T] {
  for (let tries = 1;; tries++) {
    const udp = UdpSocket.bind(hostname, port);
    try {
      return [udp, serve(udp.port)];
    } catch (error) {
      udp.close();
      const another = port === 0 && tries < MOST_TRIES && error instanceof Deno.errors.AddrInUse;
      if (!another) throw error;
    }
  }
}

/** A refusal is an answer too, status 200, as clients expect. */
function reply(answer: () => Bytes): Response {
  let body: Bytes;
  try {
    body = answer();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    body = encodeFailure(messageOf(error));
  }
  return new Response(body, {
    headers: { "content-type": "text/plain", "cache-control": "no-store" },
  });
}
