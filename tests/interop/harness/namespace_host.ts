import { fromFileUrl, join } from "@std/path";
import { type Call, CALL_SECONDS, type Host, type Reply } from "./host.ts";
import { type Launch, Program } from "./program.ts";
import { run } from "./run.ts";
import { until } from "./until.ts";

/**
 * A network namespace with an address of each family. Its sockets cannot be reached from here, so a small server in
 * there, heard through a Unix socket, calls for us.
 */
export class NamespaceHost implements Host, AsyncDisposable {
  static readonly #script = fromFileUrl(new URL("../python/namespace_agent.py", import.meta.url));
  readonly address: string;
  readonly secondAddress: string;
  readonly address6: string;
  readonly #socket: string;
  #agent: Promise<Program> | null = null;

  /** The `number`th of its network, 1 to 99; logs and the socket go into `folder`. */
  constructor(readonly namespace: string, readonly folder: string, number: number) {
    this.address = `10.78.0.${number}`;
    this.secondAddress = `10.78.0.${100 + number}`;
    this.address6 = `fd78::${number}`;
    this.#socket = join(folder, `${namespace}.socket`);
  }

  start(launch: Launch): Program {
    const command = ["ip", "netns", "exec", this.namespace, ...launch.command];
    return new Program({ ...launch, command });
  }

  /** One more IPv4 address, which every host of its network reaches. */
  async addAddress(address: string): Promise<void> {
    await run(["ip", "-n", this.namespace, "addr", "add", `${address}/32`, "dev", "eth0"]);
  }

  async freePort(address: string = this.address): Promise<number> {
    return await this.#ask({ port: address }) as number;
  }

  async call(url: string, call: Call = {}): Promise<Reply> {
    const body = typeof call.body === "string" ? new TextEncoder().encode(call.body) : call.body;
    const answer = await this.#ask({
      url,
      method: call.method ?? "GET",
      headers: call.headers ?? {},
      body: body?.toBase64() ?? "",
      seconds: CALL_SECONDS,
    }) as { status: number; headers: [string, string][]; body: string };
    return {
      status: answer.status,
      headers: new Map(answer.headers),
      body: Uint8Array.fromBase64(answer.body),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const agent = await this.#agent?.catch(() => null);
    // It has nothing to finish.
    await agent?.stop(0);
  }

  async #ask(request: unknown): Promise<unknown> {
    await (this.#agent ??= this.#startAgent());
    using connection = await Deno.connect({ transport: "unix", path: this.#socket });
    const line = new TextEncoder().encode(`${JSON.stringify(request)}\n`);
    for (let sent = 0; sent < line.length;) sent += await connection.write(line.subarray(sent));
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    const buffer = new Uint8Array(64 * 1024);
    for (let count; (count = await connection.read(buffer)) !== null;) {
      chunks.push(buffer.slice(0, count));
    }
    const answer: unknown = JSON.parse(await new Blob(chunks).text());
    if (typeof answer === "object" && answer !== null && "error" in answer) {
      throw new Error(`${JSON.stringify(request).slice(0, 100)}: ${answer.error}`);
    }
    return answer;
  }

  async #startAgent(): Promise<Program> {
    // -I and -S: nothing but the standard library, which starts in half the time.
    const command = ["/usr/bin/python3", "-I", "-S", NamespaceHost.#script, this.#socket];
    const agent = this.start({ name: `agent-${this.namespace}`, command, folder: this.folder });
    try {
      await until(`the agent in ${this.namespace}`, CALL_SECONDS, async () => {
        agent.assertRunning();
        // It is there before anybody listens at it.
        (await Deno.connect({ transport: "unix", path: this.#socket })).close();
        return true;
      }, () => agent.tail());
    } catch (error) {
      await agent.stop(0);
      throw error;
    }
    return agent;
  }
}
