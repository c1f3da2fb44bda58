/**
 * A tracker that names one peer, the seeder, to everyone: every downloader starts from the same
 * knowledge, and none hears of those that ran before it.
 */
export class OnePeerTracker implements AsyncDisposable {
  /** Port of the seeder on 127.0.0.1; 0 while there is none. */
  peerPort = 0;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(this.#reply()),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/announce`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  /** BEP 23: six bytes a peer. */
  #reply(): Uint8Array<ArrayBuffer> {
    const head = new TextEncoder().encode("d8:intervali1800e5:peers6:");
    const peer = [127, 0, 0, 1, this.peerPort >> 8, this.peerPort & 0xff];
    return new Uint8Array([...head, ...peer, "e".charCodeAt(0)]);
  }
}
