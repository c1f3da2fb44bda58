/** Calls of the manager, as any client of its RPC makes them. */
import type { Values } from "./said.ts";

const SESSION_HEADER = "x-transmission-session-id";
/** A torrent behind a slow web server takes its time. */
const TIMEOUT_MS = 90_000;

/** What is wrong with a call: a code, and what its sentence is made of. */
export interface Complaint {
  readonly code: string;
  readonly values: Values;
}

/** The manager said no, or was not reached. The message is English; null: it has no code. */
export class CallFailed extends Error {
  override name = "CallFailed";
  constructor(message: string, readonly complaint: Complaint | null = null) {
    super(message);
  }
}

/** What sends a request; the browser's `fetch`. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** What calls are made with. */
export interface RpcOptions {
  readonly send?: Send;
  /** Headers that say who we are. */
  readonly headers?: () => Readonly<Record<string, string>>;
  /** A call with these headers was refused for want of the password. */
  readonly onLocked?: (headers: Readonly<Record<string, string>>) => void;
}

interface Answer<T> {
  readonly result: string;
  readonly arguments?: T;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The RPC of the server the page came from. */
export class Rpc {
  readonly #options: RpcOptions;
  readonly #send: Send;
  #session = "";

  constructor(options: RpcOptions = {}) {
    this.#options = options;
    this.#send = options.send ?? ((path, init) => fetch(path, init));
  }

  /** The arguments of the answer. Rejects with {@linkcode CallFailed}. */
  async call<T = unknown>(
    method: string,
    args: Readonly<Record<string, unknown>> = {},
  ): Promise<T> {
    const { headers = () => ({}), onLocked } = this.#options;
    const body = JSON.stringify({ method, arguments: args });
    const sent = headers();
    const response = await this.post("/transmission/rpc", sent, body);
    if (response.status === 401) onLocked?.(sent);
    if (!response.ok) {
      const { status } = response;
      const message = (await response.text()).trim() || `${status}`;
      throw new CallFailed(message, { code: `http-${status}`, values: {} });
    }
    const answer = await response.json() as Answer<T>;
    if (answer.result === "success") return answer.arguments as T;
    const { complaint = null } = answer.arguments as { complaint?: Complaint } | undefined ?? {};
    throw new CallFailed(answer.result, complaint);
  }

  /** Posts with the session id; a restarted manager has another one, which its refusal names. Rejects likewise. */
  async post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Response> {
    const first = await this.#once(path, headers, body);
    const session = first.headers.get(SESSION_HEADER);
    if (first.status !== 409 || session === null) return first;
    this.#session = session;
    await first.body?.cancel();
    return await this.#once(path, headers, body);
  }

  async #once(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
  ): Promise<Response> {
    try {
      return await this.#send(path, {
        method: "POST",
        // so the browser asks for no password by itself: the page does
        credentials: "omit",
        headers: {
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          [SESSION_HEADER]: this.#session,
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      const isLate = error instanceof DOMException && error.name === "TimeoutError";
      throw new CallFailed(messageOf(error), { code: isLate ? "late" : "unreachable", values: {} });
    }
  }
}
