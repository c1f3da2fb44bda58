/** Calls of the manager, as any client of its RPC makes them. */

const SESSION_HEADER = "x-transmission-session-id";
/** A torrent behind a slow web server takes its time. */
const TIMEOUT_MS = 90_000;

/** The manager said no, in words for the reader, or was not reached. */
export class CallFailed extends Error {
  override name = "CallFailed";
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
    if (!response.ok) throw new CallFailed((await response.text()).trim() || `${response.status}`);
    const answer = await response.json() as { result: string; arguments: T };
    if (answer.result !== "success") throw new CallFailed(answer.result);
    return answer.arguments;
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
      throw new CallFailed(error instanceof Error ? error.message : String(error));
    }
  }
}
