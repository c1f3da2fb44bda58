/** The way to a manager over TCP, TLS or a Unix socket. */
import { endReading, messageOf } from "../base/mod.ts";
import type { ManagerAddress } from "./address.ts";
import { RemoteError } from "./errors.ts";
import type { RpcReply, RpcRequest, Transport } from "./transport.ts";

const SESSION_ID = "x-transmission-session-id";
/** What a server on a Unix socket is called: it has no name. */
const SOCKET_URL = "http://localhost/transmission/rpc";

/** Opens the way to a manager; connections are made when something is sent, and reused. */
export function openTransport(address: ManagerAddress): Transport {
  const url = address.kind === "unix" ? SOCKET_URL : address.url;
  const client = Deno.createHttpClient({ ...through(address), http2: false });
  return {
    async send({ headers, body, timeoutMs, maxBytes }: RpcRequest): Promise<RpcReply> {
      const { signal, stop } = timeout(timeoutMs);
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body,
          // a password must not follow wherever an answer points
          redirect: "manual",
          signal,
          client,
        });
        const text = await readText(response, maxBytes, address.shown, signal);
        return { status: response.status, sessionId: response.headers.get(SESSION_ID), body: text };
      } catch (error) {
        throw failure(error, signal, address, timeoutMs);
      } finally {
        stop();
      }
    },
    close: () => client.close(),
  };
}

/** The runtime treats a Unix socket as a proxy: the request line has the whole URL, which tm daemon understands. */
function through(address: ManagerAddress): { proxy?: Deno.Proxy } {
  return address.kind === "unix" ? { proxy: { transport: "unix", path: address.path } } : {};
}

/** A signal that is aborted after `ms`, unless that is stopped; the timer holds it. */
function timeout(ms: number): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, stop: () => clearTimeout(timer) };
}

async function readText(
  response: Response,
  maxBytes: number,
  shown: string,
  signal: AbortSignal,
): Promise<string> {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const release = endReading(reader, signal);
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      signal.throwIfAborted();
      if (done) return text + decoder.decode();
      read += value.length;
      if (read > maxBytes) {
        throw new RemoteError("bad-answer", `${shown} answers with more than ${maxBytes} bytes`);
      }
      text += decoder.decode(value, { stream: true });
    }
  } finally {
    release();
    await reader.cancel().catch(() => {});
  }
}

function failure(
  error: unknown,
  signal: AbortSignal,
  address: ManagerAddress,
  timeoutMs: number,
): RemoteError {
  if (error instanceof RemoteError) return error;
  if (signal.aborted) {
    const seconds = Math.round(timeoutMs / 1000);
    return new RemoteError("silent", `The manager at ${address.shown} is silent for ${seconds} s`);
  }
  return new RemoteError("unreachable", `${whyUnreachable(error, address)}`);
}

function whyUnreachable(error: unknown, { kind, shown }: ManagerAddress): string {
  // newer runtimes say only in the cause what it is
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = messageOf(cause);
  if (error instanceof Deno.errors.NotCapable || /permission denied/i.test(message)) {
    return `No permission to use ${shown}`;
  }
  if (/refused|No such file/i.test(message)) {
    const other = kind === "unix" ? "" : ", or name another with --host";
    return `No manager at ${shown}; start one with tm daemon${other}`;
  }
  if (/dns error|failed to lookup/i.test(message)) {
    return `There is no host of the name in ${shown}`;
  }
  if (/certificate/i.test(message)) return `The certificate of ${shown} cannot be trusted`;
  const words = message.replace(/^error sending request for url \([^)]*\):?\s*/i, "");
  return `Cannot connect to the manager at ${shown}: ${words || "the connection failed"}`;
}
