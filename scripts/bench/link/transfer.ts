/** Bytes of one write, and the most of one read. */
const PART = 256 * 1024;

/** A server on loopback that sends so many bytes to whoever sends one. */
export class Source implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;

  constructor(bytes: number) {
    this.#serving = this.#serve(bytes);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#serving;
  }

  async #serve(bytes: number): Promise<void> {
    for await (const conn of this.#listener) {
      using open = conn;
      await open.read(new Uint8Array(1));
      const part = new Uint8Array(PART);
      for (let left = bytes; left > 0;) {
        left -= await open.write(part.subarray(0, Math.min(left, PART)));
      }
      await open.closeWrite();
    }
  }
}

/** Seconds that plain TCP takes to ask the {@linkcode Source} behind `port` and to hear all of it. */
export async function transferSeconds(port: number, bytes: number): Promise<number> {
  const start = performance.now();
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new Uint8Array(1));
  const part = new Uint8Array(PART);
  let sum = 0;
  for (let read = await conn.read(part); read !== null; read = await conn.read(part)) sum += read;
  if (sum !== bytes) throw new Error(`Expected ${bytes} bytes of plain TCP, got ${sum}`);
  return (performance.now() - start) / 1000;
}
