/**
 * A tracker that names the same peers, the seeders, to everyone: every downloader starts from the same
 * knowledge, and none hears of those that ran before it.
 */
export class FixedTracker implements AsyncDisposable {
  /** Ports on 127.0.0.1. */
  peers: readonly number[] = [];
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
  #peersFor(url: URL): readonly number[] {
    const own = Number(url.searchParams.get("port"));
    return this.peers.filter((port) => port !== own);
  }
}

/** BEP 23: six bytes a peer. */
function reply(ports: readonly number[]): Uint8Array<ArrayBuffer> {
  const peers = ports.flatMap((port) => [127, 0, 0, 1, port >> 8, port & 0xff]);
  const head = new TextEncoder().encode(`d8:intervali1800e5:peers${peers.length}:`);
  return new Uint8Array([...head, ...peers, "e".charCodeAt(0)]);
}
