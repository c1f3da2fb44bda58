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

/** The RPC of the server the page came from. */
export class Rpc {
  readonly #send: Send;
  #session = "";

  constructor(send: Send = (path, init) => fetch(path, init)) {
    this.#send = send;
  }

  /** The arguments of the answer. Rejects with {@linkcode CallFailed}. */
  async call<T = unknown>(
    method: string,
    args: Readonly<Record<string, unknown>> = {},
  ): Promise<T> {
    const response = await this.#post(JSON.stringify({ method, arguments: args }));
    if (!response.ok) throw new CallFailed((await response.text()).trim() || `${response.status}`);
    const answer = await response.json() as { result: string; arguments: T };
    if (answer.result !== "success") throw new CallFailed(answer.result);
    return answer.arguments;
  }

  /** A restarted manager has another session id, which its refusal names. */
  async #post(body: string): Promise<Response> {
    const first = await this.#once(body);
    const session = first.headers.get(SESSION_HEADER);
    if (first.status !== 409 || session === null) return first;
    this.#session = session;
    await first.body?.cancel();
    return await this.#once(body);
  }

  async #once(body: string): Promise<Response> {
    try {
      return await this.#send("/transmission/rpc", {
        method: "POST",
        headers: { "content-type": "application/json", [SESSION_HEADER]: this.#session },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new CallFailed(error instanceof Error ? error.message : String(error));
    }
  }
}
