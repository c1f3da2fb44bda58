/** The control server: HTTP on a port or a Unix socket. */
import { type Bytes, randomBytes, SystemRandom } from "../base/mod.ts";
import type { ManagerApi } from "../manager/mod.ts";
import { Bodies, BodyRefused } from "./bodies.ts";
import { type Caller, isForwarded, isLocal } from "./caller.ts";
import { gate, type GateOptions } from "./gate.ts";
import { HostNames } from "./host_names.ts";
import { Logins } from "./logins.ts";
import { type Credentials, PasswordGuard } from "./password_guard.ts";
import type { Receipt } from "./receipt.ts";
import { refuse } from "./responses.ts";
import { type Route, routeOf, run } from "./routes.ts";
import { clearSocket, closedToOthers, setOwnerOnly } from "./socket_file.ts";
import { LiveFigures, type PageFiles, PageServer, ReadTooSlowly } from "./web/mod.ts";

/** A port (0: any) at an address, or the path of a Unix socket. */
export type ListenPlace =
  | { readonly hostname: string; readonly port: number }
  | { readonly path: string };

/** What a control server needs. */
export interface ControlOptions {
  readonly manager: ManagerApi;
  readonly listen: ListenPlace;
  /** Null: no password, and only this machine may call. */
  readonly auth: Credentials | null;
  /** Host names besides `localhost` under which it is called; addresses always are allowed. */
  readonly hosts?: readonly string[];
  /** This program's version. */
  readonly version: string;
  /** What the process may touch, asked anew each time, as it gives up rights while it runs; not given: not told. */
  readonly receipt?: () => Receipt;
  /** The web page, by {@linkcode loadPage}; not given or null: there is none. */
  readonly page?: PageFiles;
  /**
   * The torrent behind a URL. `local`: the caller is on this machine, and may name any address; others only public ones,
   * so that nobody looks around in our network through us.
   */
  readonly fetchTorrent: (url: string, local: boolean) => Promise<Bytes>;
  /** Called once, when a client has asked for the end and was answered: close everything. */
  readonly onShutdown: () => void;
  /** Our own code failed: to be reported, not hidden. */
  readonly onFault?: (error: unknown) => void;
  /** Milliseconds that it waits for answers on their way as it closes; 1,000 by default. */
  readonly graceMs?: number;
}

/** A control server that runs. */
export interface RunningControl {
  /** Where it is: `http://127.0.0.1:9091`, or the socket's path. */
  readonly place: string;
  /** The port, null on a Unix socket. */
  readonly port: number | null;
  /** Stops listening; resolves when every connection is closed, or after a second: what hangs then ends with the program. */
  close(): Promise<void>;
}

/**
 * Bytes of a body: a torrent of 24 MiB as base64, which has a million pieces. Larger ones can be named by a URL or a
 * path in the folder.
 */
export const MAX_BODY = 32 * 1024 * 1024;
const BODIES = { each: MAX_BODY, together: 2 * MAX_BODY, timeoutMs: 60_000, passing: 100 };
/** Requests of those who are let in that are answered at a time. */
export const MAX_REQUESTS = 100;
/** With 503: it passes soon. */
const RETRY = { "retry-after": "1" };
const SESSION_ID_BYTES = 36;
const GRACE_MS = 1_000;

/**
 * Starts it. Rejects with the system's error (`AddrInUse`, …). A Unix socket wants the right to read and write its path
 * until this resolves.
 */
export async function startControlServer(options: ControlOptions): Promise<RunningControl> {
  const { listen } = options;
  if (!("path" in listen)) return new ControlServer(options);
  await clearSocket(listen.path);
  const server = closedToOthers(() => new ControlServer(options));
  try {
    await setOwnerOnly(listen.path);
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}

class ControlServer implements RunningControl {
  readonly #options: ControlOptions;
  readonly #gate: GateOptions;
  readonly #bodies = new Bodies(BODIES);
  readonly #page: PageServer;
  readonly #live: LiveFigures;
  readonly #server: Deno.HttpServer;
  readonly place: string;
  readonly port: number | null;
  #requests = 0;
  #ending = false;

  constructor(options: ControlOptions) {
    this.#options = options;
    const { auth, hosts = [], listen, manager, page = null, version } = options;
    this.#page = new PageServer(page);
    this.#live = new LiveFigures({ manager, version, onFault: (error) => this.#fault(error) });
    this.#gate = {
      guard: auth === null ? null : new PasswordGuard(auth),
      logins: new Logins(),
      hosts: new HostNames(hosts),
      sessionId: randomText(),
    };
    const common = {
      onListen: () => {},
      onError: (error: unknown) => this.#fault(error),
    };
    if ("path" in listen) {
      this.#server = Deno.serve(
        { ...common, path: listen.path },
        (request, { completed }) => this.#serve(request, null, completed),
      );
      this.port = null;
      this.place = listen.path;
      return;
    }
    const server = Deno.serve(
      { ...common, hostname: listen.hostname, port: listen.port },
      (request, { remoteAddr, completed }) => this.#serve(request, remoteAddr.hostname, completed),
    );
    this.#server = server;
    this.port = server.addr.port;
    const { hostname } = listen;
    this.place = `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${this.port}`;
  }

  async close(): Promise<void> {
    // they would hold up the end for as long as a page is open
    this.#live.close();
    const grace = Promise.withResolvers<void>();
    const timer = setTimeout(grace.resolve, this.#options.graceMs ?? GRACE_MS);
    // what hangs ends with the program: to abort it after this throws in the runtime, where nobody can catch it
    await Promise.race([this.#server.shutdown(), grace.promise]);
    clearTimeout(timer);
  }

  async #serve(request: Request, caller: Caller, completed: Promise<void>): Promise<Response> {
    // it rejects when a client leaves before its answer is out, which with nobody to catch it would end the program
    completed.catch(() => {});
    try {
      return await this.#answer(request, caller, completed);
    } catch (error) {
      if (!(error instanceof BodyRefused)) return this.#fault(error);
      // the runtime closes the connection where the rest of the body was not read
      return refuse(error.status, error.message, error.status === 503 ? RETRY : {});
    }
  }

  async #answer(request: Request, caller: Caller, completed: Promise<void>): Promise<Response> {
    // by hand, as a strange `Host` makes no URL
    const path = /^[\w+]+:\/\/[^/?#]*([^?#]*)/.exec(request.url)?.[1] ?? "";
    const route = routeOf(path);
    const { guarded = false, open = false } = route ?? {};
    const knock = { headers: request.headers, caller, guarded, open };
    const refusal = await gate(knock, this.#gate);
    if (refusal !== null) {
      await this.#bodies.pass(request);
      return refusal;
    }
    if (route === undefined) return refuse(404, "Not found");
    // counted from here on: who is not let in takes nobody's place
    if (this.#requests >= MAX_REQUESTS) return refuse(503, "Too many requests at a time", RETRY);
    this.#requests++;
    try {
      return await this.#run(route, request, caller, completed);
    } finally {
      this.#requests--;
    }
  }

  async #run(
    route: Route,
    request: Request,
    caller: Caller,
    completed: Promise<void>,
  ): Promise<Response> {
    const { manager, version, fetchTorrent, receipt = () => [] } = this.#options;
    return await run(route, request, {
      bodies: this.#bodies,
      caller,
      logins: this.#gate.guard === null ? null : this.#gate.logins,
      page: this.#page,
      live: this.#live,
      rpc: {
        manager,
        version,
        fetchTorrent,
        receipt,
        local: isLocal(caller) && !isForwarded(request.headers),
        sessionId: this.#gate.sessionId,
        shutdown: () => this.#shutdown(completed),
      },
    });
  }

  /** The client that asks for it is answered first. */
  #shutdown(completed: Promise<void>): void {
    if (this.#ending) return;
    this.#ending = true;
    completed.catch(() => {}).then(() => this.#options.onShutdown());
  }

  #fault(error: unknown): Response {
    if (!(error instanceof ReadTooSlowly)) this.#options.onFault?.(error);
    return refuse(500, "Internal error");
  }
}

/** 48 characters that cannot be guessed. */
function randomText(): string {
  const bytes = randomBytes(SESSION_ID_BYTES, new SystemRandom());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}
