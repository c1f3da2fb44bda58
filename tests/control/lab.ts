/** A control server on a port of its own, and calls of it as clients make them. */
import {
  type ControlOptions,
  type RunningControl,
  startControlServer,
} from "../../src/control/mod.ts";
import { type Bytes, utf8 } from "../../src/base/mod.ts";
import { answer, type BodyContext } from "../../src/control/rpc/dispatch.ts";
import type { Json } from "../../src/control/rpc/json.ts";
import { FakeManager } from "./fake_manager.ts";

/** A call of the RPC without HTTP; the context may be changed. */
export async function call(
  manager: FakeManager,
  request: unknown,
  change: Partial<BodyContext> = {},
): Promise<Json | null> {
  const body: Bytes = request instanceof Uint8Array
    ? new Uint8Array(request)
    : utf8(typeof request === "string" ? request : JSON.stringify(request));
  return await answer(body, {
    manager,
    local: true,
    version: "1.2.3",
    sessionId: "S",
    receipt: () => [],
    fetchTorrent: () => Promise.reject(new Error("nothing is fetched here")),
    shutdown: () => {},
    ...change,
  });
}

/** The arguments of a call's answer, whatever they are; throws unless it was a success. */
export async function succeed(
  manager: FakeManager,
  method: string,
  args: Record<string, unknown> = {},
  // deno-lint-ignore no-explicit-any -- answers are compared, not used
): Promise<any> {
  const answered = await call(manager, { method, arguments: args }) as Record<string, unknown>;
  if (answered["result"] !== "success") throw new Error(String(answered["result"]));
  return answered["arguments"];
}

/** What `result` says of a call that cannot be carried out. */
export async function fail(
  manager: FakeManager,
  method: string,
  args: unknown = {},
): Promise<string> {
  const answered = await call(manager, { method, arguments: args }) as Record<string, unknown>;
  return String(answered["result"]);
}

/** A server while `use` runs. */
export async function withServer(
  options: Partial<ControlOptions>,
  use: (server: RunningControl, manager: FakeManager) => Promise<void>,
): Promise<void> {
  const manager = new FakeManager();
  const server = await startControlServer({
    manager,
    listen: { hostname: "127.0.0.1", port: 0 },
    auth: null,
    version: "1.2.3",
    fetchTorrent: () => Promise.reject(new Error("nothing is fetched here")),
    onShutdown: () => {},
    // however busy this machine is, nothing is left when a test ends
    graceMs: 60_000,
    onFault: (error) => {
      throw error;
    },
    ...options,
  });
  try {
    await use(server, manager);
  } finally {
    await server.close();
  }
}

/** Status, headers and text of an answer. */
export interface Heard {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A request with exactly these headers, which `fetch` would not send. */
export async function http(
  place: { readonly port: number } | { readonly path: string },
  head: string,
  headers: Record<string, string> = {},
  body = "",
): Promise<Heard> {
  const connection = "path" in place
    ? await Deno.connect({ transport: "unix", path: place.path })
    : await Deno.connect({ port: place.port });
  try {
    const all: Record<string, string> = {
      host: "port" in place ? `127.0.0.1:${place.port}` : "localhost",
      connection: "close",
      ...(body !== "" && { "content-length": String(utf8(body).length) }),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const bytes = utf8(`${head} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    return await hear(connection, head.startsWith("HEAD "));
  } finally {
    connection.close();
  }
}

/** Reads one answer, and not to the end of the connection: that may wait for a body that never comes. */
async function hear(connection: Deno.Conn, headOnly: boolean): Promise<Heard> {
  const chunk = new Uint8Array(64 * 1024);
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const read = await connection.read(chunk);
    if (read !== null) text += decoder.decode(chunk.subarray(0, read), { stream: true });
    const answer = text.includes("\r\n\r\n") ? heard(text) : null;
    const length = headOnly ? 0 : Number(answer?.headers.get("content-length") ?? 0);
    const whole = answer !== null && utf8(answer.text).length >= length;
    if (answer !== null && whole && answer.headers.get("transfer-encoding") === null) return answer;
    if (read === null) {
      if (answer === null) throw new Error("Expected an answer, got the end");
      return answer;
    }
  }
}

function heard(text: string): Heard {
  const end = text.indexOf("\r\n\r\n");
  const [status = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Headers(lines.map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at), line.slice(at + 1).trim()];
  }));
  return { status: Number(status.split(" ")[1]), headers, text: text.slice(end + 4) };
}
