/** What is served where. Every route is behind the same checks (`gate.ts`); the page's files need no password. */
import { COMMON, refuse } from "./responses.ts";
import type { Caller } from "./caller.ts";
import { type Logins, tokenOf } from "./logins.ts";
import { metricsResponse } from "./metrics.ts";
import { answer, type BodyContext } from "./rpc/dispatch.ts";
import type { Bodies } from "./bodies.ts";
import { PAGE_PATHS } from "./web/load.ts";
import type { LiveFigures, PageServer } from "./web/mod.ts";

/** What a route needs. */
export interface RouteContext {
  readonly bodies: Bodies;
  readonly rpc: BodyContext;
  readonly caller: Caller;
  /** Null: there is no password. */
  readonly logins: Logins | null;
  readonly page: PageServer;
  readonly live: LiveFigures;
}

/** One path. */
export interface Route {
  /** Methods it answers; others get 405. */
  readonly methods: readonly string[];
  /** It takes the session id, whatever the method. */
  readonly guarded: boolean;
  /** It takes no password, as it tells nothing of the manager. */
  readonly open?: true;
  readonly answer: (request: Request, context: RouteContext) => Promise<Response>;
}

const RPC: Route = { methods: ["POST"], guarded: true, answer: answerRpc };
const METRICS: Route = {
  methods: ["GET", "HEAD"],
  guarded: false,
  answer: (request, { rpc }) => metricsResponse(request, rpc.manager, rpc.version),
};

/** It changes nothing, and what it tells can only be read by a page of ours. */
const LIVE: Route = {
  methods: ["GET"],
  guarded: false,
  answer: async ({ headers }, { live, logins }) =>
    live.open(await logins?.holder(headers.get("authorization"))),
};

/** Gives a token to who has sent the password, or another one. */
const LOGIN: Route = {
  methods: ["POST"],
  guarded: true,
  answer: async ({ headers }, { logins }) => {
    if (logins === null) return refuse(404, "There is no password here");
    // or a token would live on for ever in its children
    if (tokenOf(headers.get("authorization")) !== null) return refuse(403, "Send the password");
    return Response.json({ token: await logins.open() }, { headers: COMMON });
  },
};

/** Ends the login whose token is sent. */
const LOGOUT: Route = {
  methods: ["POST"],
  guarded: true,
  answer: async ({ headers }, { logins }) => {
    if (logins === null) return refuse(404, "There is no password here");
    await logins.close(headers.get("authorization"));
    return new Response(null, { status: 204, headers: COMMON });
  },
};

/** Every route by its path. */
export const ROUTES: ReadonlyMap<string, Route> = new Map([
  ...PAGE_PATHS.map((path) => [path, pageRoute(path)] as const),
  ["/web/", pageRoute("/")],
  ["/web/events", LIVE],
  ["/web/login", LOGIN],
  ["/web/logout", LOGOUT],
  ["/transmission/rpc", RPC],
  ["/transmission/rpc/", RPC],
  ["/metrics", METRICS],
]);

/** The route of a path; undefined: there is nothing. */
export function routeOf(path: string): Route | undefined {
  return ROUTES.get(path);
}

function pageRoute(path: string): Route {
  return {
    methods: ["GET", "HEAD"],
    guarded: false,
    open: true,
    answer: (request, { page }) => page.answer(request, path),
  };
}

async function answerRpc(request: Request, { bodies, rpc }: RouteContext): Promise<Response> {
  const answered = await bodies.with(request, (body) => answer(body, rpc));
  if (answered === null) return new Response(null, { status: 204, headers: COMMON });
  return new Response(JSON.stringify(answered), {
    headers: { ...COMMON, "content-type": "application/json; charset=UTF-8" },
  });
}

/** Runs a route that may be asked by `request`. */
export async function run(
  route: Route,
  request: Request,
  context: RouteContext,
): Promise<Response> {
  if (route.methods.includes(request.method)) return await route.answer(request, context);
  return refuse(405, `Expected ${route.methods.join(" or ")}`, { allow: route.methods.join(", ") });
}
