/** The Transmission RPC as its clients speak it: one method at a time, over HTTP. */
import { utf8 } from "../base/mod.ts";
import type { Credentials, ManagerAddress } from "./address.ts";
import { RemoteError } from "./errors.ts";
import { asObject, has, type JsonObject, text } from "./json.ts";
import type { RpcReply, Transport } from "./transport.ts";

/** How long an ordinary call may take, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** Bytes of an answer: the files of 1,000 large torrents fit. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Characters of a manager's own words that are passed on. */
const MAX_WORDS = 300;

/** Calls the methods of one manager. */
export class RpcClient {
  readonly address: ManagerAddress;
  readonly #transport: Transport;
  readonly #authorization: string | null;
  #sessionId: string | null = null;

  /** `credentials` go before those in the address. */
  constructor(address: ManagerAddress, transport: Transport, credentials: Credentials | null) {
    this.address = address;
    this.#transport = transport;
    const { name, password } = credentials ?? address.credentials ?? { name: null, password: "" };
    this.#authorization = name === null ? null : `Basic ${utf8(`${name}:${password}`).toBase64()}`;
  }

  /** The `arguments` of the answer. Rejects with {@linkcode RemoteError}. */
  async call(
    method: string,
    parameters: JsonObject = {},
    timeoutMs = TIMEOUT_MS,
  ): Promise<JsonObject> {
    const body = JSON.stringify({ method, arguments: parameters });
    let reply = await this.#send(body, timeoutMs);
    if (reply.status === 409 && reply.sessionId !== null) {
      // The guard against forged requests: the answer names the id to send.
      this.#sessionId = this.#checkedId(reply.sessionId);
      reply = await this.#send(body, timeoutMs);
    }
    return this.#read(reply);
  }

  /** Lets its connections go. */
  close(): void {
    this.#transport.close();
  }

  #send(body: string, timeoutMs: number): Promise<RpcReply> {
    const headers: Record<string, string> = {};
    if (this.#sessionId !== null) headers["x-transmission-session-id"] = this.#sessionId;
    if (this.#authorization !== null) headers["authorization"] = this.#authorization;
    return this.#transport.send({ headers, body, timeoutMs, maxBytes: MAX_BYTES });
  }

  #checkedId(id: string): string {
    if (/^[\x21-\x7e]{1,512}$/.test(id)) return id;
    throw new RemoteError("bad-answer", `${this.address.shown} has a session id that is none`);
  }

  #read({ status, body }: RpcReply): JsonObject {
    if (status !== 200) throw this.#refusal(status);
    const answer = this.#parse(body);
    const result = text(answer, "result");
    if (result === "method name not recognized") {
      throw new RemoteError(
        "unknown-method",
        `The manager at ${this.address.shown} cannot do that`,
      );
    }
    if (result !== "success") {
      const words = result.slice(0, MAX_WORDS) || "no reason given";
      throw new RemoteError("refused", `The manager refuses: ${words}`);
    }
    return asObject(answer["arguments"] ?? {}, "arguments");
  }

  #parse(body: string): JsonObject {
    try {
      const answer = asObject(JSON.parse(body), "the answer");
      if (has(answer, "result")) return answer;
    } catch {
      // said below
    }
    throw new RemoteError(
      "bad-answer",
      `${this.address.shown} answers something else than a manager does; see --host`,
    );
  }

  #refusal(status: number): RemoteError {
    const { shown } = this.address;
    if (status === 401) {
      return new RemoteError(
        "unauthorized",
        this.#authorization === null
          ? `The manager at ${shown} wants a name and a password: -n USER:PASS`
          : `The manager at ${shown} does not take this name and password`,
      );
    }
    if (status === 429) {
      const message = `The manager at ${shown} saw too many wrong passwords; wait a minute`;
      return new RemoteError("unauthorized", message);
    }
    if (status === 413) {
      return new RemoteError("refused", `The manager at ${shown} does not take so much at once`);
    }
    if (status === 403) {
      return new RemoteError("forbidden", `The manager at ${shown} does not serve this machine`);
    }
    if (status === 421) {
      return new RemoteError(
        "forbidden",
        `The manager does not go by the name in ${shown}; use its IP address`,
      );
    }
    return new RemoteError("bad-answer", `${shown} is no manager (HTTP ${status}); see --host`);
  }
}
