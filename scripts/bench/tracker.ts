/** Where a peer listens; the address is of four bytes. */
export interface Peer {
  readonly address: readonly number[];
  readonly port: number;
}

/** A peer on 127.0.0.1. */
export function localPeer(port: number): Peer {
  return { address: [127, 0, 0, 1], port };
}

/**
 * A tracker that names the same peers, the seeders, to everyone: every downloader starts from the same
 * knowledge, and none hears of those that ran before it.
 */
export class FixedTracker implements AsyncDisposable {
  peers: readonly Peer[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => new Response(reply(this.#peersFor(new URL(request.url)))),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/announce`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  /** A seeder is not told of itself. */
  #peersFor(url: URL): readonly Peer[] {
    const own = Number(url.searchParams.get("port"));
    return this.peers.filter(({ port }) => port !== own);
  }
}

/** BEP 23: six bytes a peer. */
function reply(known: readonly Peer[]): Uint8Array<ArrayBuffer> {
  const peers = known.flatMap(({ address, port }) => [...address, port >> 8, port & 0xff]);
  const head = new TextEncoder().encode(`d8:intervali1800e5:peers${peers.length}:`);
  return new Uint8Array([...head, ...peers, "e".charCodeAt(0)]);
}
