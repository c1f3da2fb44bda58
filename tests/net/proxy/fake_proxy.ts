/** A SOCKS 5 proxy, on the loopback interface by default, honest or not; connections and UDP. Written apart from the client's code. */

/** What it does instead of its work. */
export type Misdeed =
  /** Takes the connection and says nothing. */
  | "stalls"
  | "hangs-up"
  | "speaks-http"
  /** Agrees, and says nothing once it was asked. */
  | "forgets"
  | { readonly reply: number };

/** What is closed at the end. */
interface Closable {
  close(): void;
}

export interface FakeProxyOptions {
  readonly password?: { readonly user: string; readonly word: string };
  readonly misdeed?: Misdeed;
  /** Where names lead; others are refused. */
  readonly names?: Readonly<Record<string, string>>;
  readonly udp?: boolean;
  /** Where it listens; by default any port of 127.0.0.1. */
  readonly hostname?: string;
  readonly port?: number;
  /** The address that the answer to an association names. */
  readonly relay?: readonly number[];
}

export class FakeProxy implements AsyncDisposable {
  /** Every target that was asked for, as `name:port`. */
  readonly targets: string[] = [];
  /** Every target of a packet. */
  readonly packets: string[] = [];
  readonly #options: FakeProxyOptions;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Closable>();
  readonly #work = new Set<Promise<unknown>>();
  associations = 0;
  /** Associations whose connection the client has ended. */
  left = 0;

  constructor(options: FakeProxyOptions = {}) {
    this.#options = options;
    const { hostname = "127.0.0.1", port = 0 } = options;
    this.#listener = Deno.listen({ hostname, port });
    this.#track(this.#accept());
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Ends all connections, as a restart does. */
  drop(): void {
    for (const each of this.#open) end(each);
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.drop();
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #track(work: Promise<unknown>): void {
    const quiet = work.catch(() => {});
    this.#work.add(quiet);
    quiet.then(() => this.#work.delete(quiet));
  }

  async #accept(): Promise<void> {
    for await (const socket of this.#listener) {
      this.#open.add(socket);
      this.#track(this.#serve(socket).finally(() => end(socket)));
    }
  }

  async #serve(socket: Deno.TcpConn): Promise<void> {
    const { password, misdeed } = this.#options;
    const [, count] = await take(socket, 2);
    const methods = await take(socket, count!);
    if (misdeed === "stalls") return await silence(socket);
    if (misdeed === "hangs-up") return;
    if (misdeed === "speaks-http") {
      await give(socket, new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
      return;
    }
    const method = password === undefined ? 0 : 2;
    if (!methods.includes(method)) return await give(socket, [5, 0xff]);
    await give(socket, [5, method]);
    if (password !== undefined) {
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      const user = text(await take(socket, (await take(socket, 2))[1]!));
      const word = text(await take(socket, (await take(socket, 1))[0]!));
      const right = user === password.user && word === password.word;
      await give(socket, [1, right ? 0 : 1]);
      if (!right) return;
    }
    const [, command, , kind] = await take(socket, 4);
    const { host, port } = await takeAddress(socket, kind!);
    if (misdeed === "forgets") return await silence(socket);
    if (typeof misdeed === "object") return await give(socket, answer(misdeed.reply));
    if (command === 3) return await this.#associate(socket);
    this.targets.push(`${host}:${port}`);
    const hostname = kind === 3 ? this.#options.names?.[host] : host;
    const other = hostname === undefined
      ? null
      : await Deno.connect({ hostname, port }).catch(() => null);
    if (other === null) return await give(socket, answer(hostname === undefined ? 4 : 5));
    this.#open.add(other);
    await give(socket, answer(0));
    const ways = [pump(socket, other), pump(other, socket)];
    await Promise.all(ways);
    end(socket);
    end(other);
  }

  async #associate(socket: Deno.TcpConn): Promise<void> {
    if (this.#options.udp === false) return await give(socket, answer(7));
    this.associations++;
    const { hostname = "127.0.0.1" } = this.#options;
    const udp = Deno.listenDatagram({ transport: "udp", hostname, port: 0 });
    this.#open.add(udp);
    const { port } = udp.addr as Deno.NetAddr;
    this.#track(this.#relay(udp));
    const [a, b, c, d] = this.#options.relay ?? [127, 0, 0, 1];
    await give(socket, [5, 0, 0, 1, a!, b!, c!, d!, port >> 8, port & 255]);
    try {
      await silence(socket);
      this.left++;
    } finally {
      end(udp);
    }
  }

  async #relay(udp: Deno.DatagramConn): Promise<void> {
    const buffer = new Uint8Array(65_535);
    let client: Deno.NetAddr | null = null;
    for (;;) {
      const [bytes, address] = await udp.receive(buffer);
      const from = address as Deno.NetAddr;
      client ??= from;
      if (from.port !== client.port) {
        const head = [0, 0, 0, 1, ...from.hostname.split(".").map(Number)];
        await udp.send(
          Uint8Array.from([...head, from.port >> 8, from.port & 255, ...bytes]),
          client,
        );
        continue;
      }
      const isName = bytes[3] === 3;
      const at = isName ? 5 + bytes[4]! : 8;
      const host = isName
        ? new TextDecoder().decode(bytes.subarray(5, at))
        : bytes.subarray(4, 8).join(".");
      const port = (bytes[at]! << 8) | bytes[at + 1]!;
      this.packets.push(`${host}:${port}`);
      const hostname = isName ? this.#options.names?.[host] : host;
      if (hostname === undefined) continue;
      await udp.send(bytes.slice(at + 2), { transport: "udp", hostname, port });
    }
  }
}

function answer(code: number): number[] {
  return [5, code, 0, 1, 0, 0, 0, 0, 0, 0];
}

async function take(socket: Deno.TcpConn, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await socket.read(bytes.subarray(at));
    if (count === null) throw new Error("The client left");
    at += count;
  }
  return bytes;
}

async function takeAddress(socket: Deno.TcpConn, kind: number) {
  const length = kind === 1 ? 4 : kind === 4 ? 16 : (await take(socket, 1))[0]!;
  const raw = await take(socket, length);
  const [high, low] = await take(socket, 2);
  const host = kind === 3 ? new TextDecoder().decode(raw) : raw.join(".");
  return { host, port: (high! << 8) | low! };
}

async function give(socket: Deno.TcpConn, bytes: Uint8Array | readonly number[]): Promise<void> {
  // a byte at a time: who reads must put it together
  for (const byte of bytes) await socket.write(Uint8Array.of(byte));
}

async function silence(socket: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024);
  while (await socket.read(buffer) !== null);
}

async function pump(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    for (let count; (count = await from.read(buffer)) !== null;) {
      for (let rest = buffer.subarray(0, count); rest.length > 0;) {
        rest = rest.subarray(await to.write(rest));
      }
    }
  } catch {
    // one of them is gone
  }
  await to.closeWrite().catch(() => {});
}

function end(each: Closable): void {
  try {
    // closing does not end a read that waits (Deno 2.8): the other side hears of it and closes too
    if ("closeWrite" in each) (each as Deno.TcpConn).closeWrite().catch(() => {});
    each.close();
  } catch {
    // closed already
  }
}
