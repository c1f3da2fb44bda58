import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  openTransport,
  parseManagerAddress,
  RemoteError,
  type RpcReply,
} from "../../src/remote/mod.ts";
import { collectGarbage } from "../net/garbage.ts";

/** What comes of one request to a server that answers by `handler`. */
async function ask(
  handler: (request: Request) => Response | Promise<Response>,
  bounds: { readonly timeoutMs?: number; readonly maxBytes?: number } = {},
): Promise<RpcReply> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, handler);
  const transport = openTransport(parseManagerAddress(`127.0.0.1:${server.addr.port}`)!);
  try {
    const headers = { "x-transmission-session-id": "abc" };
    return await transport.send({
      headers,
      body: "{}",
      timeoutMs: 10_000,
      maxBytes: 1000,
      ...bounds,
    });
  } finally {
    transport.close();
  }
}

async function fault(asking: Promise<unknown>): Promise<[string, string]> {
  const error = await assertRejects(() => asking, RemoteError);
  return [error.fault, error.message];
}

Deno.test("a request reaches a manager with its headers, and its answer us", async () => {
  const reply = await ask(async (request) => {
    assertEquals(request.method, "POST");
    assertEquals(new URL(request.url).pathname, "/transmission/rpc");
    assertEquals(request.headers.get("x-transmission-session-id"), "abc");
    const headers = { "x-transmission-session-id": "next" };
    return new Response(`ä${await request.text()}`, { status: 409, headers });
  });
  assertEquals(reply, { status: 409, sessionId: "next", body: "ä{}" });
});

Deno.test("a redirect is an answer, nothing is sent to where it leads", async () => {
  let asked = 0;
  const reply = await ask((request) => {
    asked++;
    return Response.redirect(new URL("/elsewhere", request.url), 307);
  });
  assertEquals([reply.status, asked], [307, 1]);
});

Deno.test("an answer without end is cut off", async () => {
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(600)),
  });
  const [what, message] = await fault(ask(() => new Response(endless)));
  assertEquals(what, "bad-answer");
  assertStringIncludes(message, "more than 1000 bytes");
});

Deno.test("a manager that says nothing is given up on", async () => {
  const never = Promise.withResolvers<Response>();
  try {
    const silent = ask(() => never.promise, { timeoutMs: 50 });
    // the server waits for the handler when it is closed
    const done = fault(silent);
    await new Promise((resolve) => setTimeout(resolve, 100));
    never.resolve(new Response());
    assertEquals((await done)[0], "silent");
  } finally {
    never.resolve(new Response());
  }
});

Deno.test("a manager that falls silent amid its answer is given up on", async () => {
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array([0x7b])),
  });
  const silent = fault(ask(() => new Response(body), { timeoutMs: 2_000 }));
  await collectGarbage();
  assertEquals((await silent)[0], "silent");
});

Deno.test("where nobody listens it is said what to do", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const host of [`127.0.0.1:${port}`, "unix:/nowhere/tm.sock"]) {
    const transport = openTransport(parseManagerAddress(host)!);
    const request = { headers: {}, body: "{}", timeoutMs: 10_000, maxBytes: 1000 };
    const [what, message] = await fault(transport.send(request));
    assertEquals(what, "unreachable");
    assertStringIncludes(message, `No manager at ${host}; start one with tm daemon`);
    transport.close();
  }
});

Deno.test({
  name: "a manager on a Unix socket",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/tm.sock`;
      await using _server = Deno.serve(
        { path, onListen() {} },
        (request) => new Response(new URL(request.url).pathname),
      );
      const transport = openTransport(parseManagerAddress(`unix:${path}`)!);
      const request = { headers: {}, body: "{}", timeoutMs: 10_000, maxBytes: 1000 };
      assertEquals((await transport.send(request)).body, "/transmission/rpc");
      transport.close();
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
