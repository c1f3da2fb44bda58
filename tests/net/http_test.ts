import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AddressPolicy,
  fetchBounded,
  type FetchOptions,
  HttpError,
  type HttpFailure,
  type Resolver,
} from "../../src/net/mod.ts";
import { collectGarbage } from "./garbage.ts";
import { answer, type Behaviour, RawServer, send } from "./raw_server.ts";

/** Names here, and only these, lead to loopback. */
const resolver: Resolver = {
  resolve: (name) => Promise.resolve(name === "near.example" ? ["127.0.0.1"] : []),
};
const policy = new AddressPolicy(resolver);

function get(url: string, options: Partial<FetchOptions> = {}) {
  return fetchBounded(url, {
    maxBytes: 1_000_000,
    timeoutMs: 10_000,
    maxRedirects: 3,
    allow: (hop, from, signal) => policy.tracker(hop, from, signal),
    ...options,
  });
}

/** Fetches from a server that behaves so; the reason of the failure. */
async function failure(
  behaviour: Behaviour,
  options: Partial<FetchOptions> = {},
): Promise<HttpFailure> {
  await using server = new RawServer(behaviour);
  return (await assertRejects(() => get(server.url, options), HttpError)).reason;
}

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("a body comes back whole with status, type and our name sent", async () => {
  await using server = new RawServer(
    answer("hello", "Content-Type: Text/Plain; charset=x\r\n", "418 Teapot"),
  );
  const fetched = await get(server.url, { accept: "application/x-bittorrent" });
  assertEquals(text(fetched.bytes), "hello");
  assertEquals([fetched.status, fetched.contentType], [418, "text/plain"]);
  const head = server.requests[0]!.toLowerCase();
  assert(head.includes("user-agent: torrentmanager/0.6.1\r\n"), head);
  assert(head.includes("accept: application/x-bittorrent\r\n"), head);
});

Deno.test("the percent-encoding of a query reaches the server unchanged", async () => {
  await using server = new RawServer(answer("x"));
  await get(`${server.url}?info_hash=%00%FF%2b~.%20&a=b`);
  assert(server.requests[0]!.startsWith("GET /announce?info_hash=%00%FF%2b~.%20&a=b HTTP/1.1\r\n"));
});

Deno.test("a name is connected at the address that was judged, and asked for by name", async () => {
  await using server = new RawServer(answer("x"));
  const fetched = await get(`http://near.example:${server.port}/announce`);
  assertEquals(fetched.route.local, true);
  assert(server.requests[0]!.toLowerCase().includes(`host: near.example:${server.port}\r\n`));
});

Deno.test("when one address of a name fails the next is tried", async () => {
  await using server = new RawServer(answer("second"));
  const addresses = ["::1", "127.0.0.1"];
  const fetched = await get(`http://near.example:${server.port}/announce`, {
    allow: () => Promise.resolve({ reach: "local", addresses, local: true }),
  });
  assertEquals(text(fetched.bytes), "second");
});

Deno.test("a redirect is followed, relative or absolute", async () => {
  await using server = new RawServer((conn, request) => {
    if (request.startsWith("GET /scrape")) return answer("there")(conn, request);
    return answer("", "Location: /scrape?x=1\r\n", "302 Found")(conn, request);
  });
  const fetched = await get(server.url);
  assertEquals([text(fetched.bytes), fetched.url.search], ["there", "?x=1"]);
});

Deno.test("a redirect loop ends after the redirects allowed", async () => {
  await using server = new RawServer(answer("", "Location: /announce\r\n", "301 Moved"));
  const error = await assertRejects(() => get(server.url), HttpError);
  assertEquals(error.reason, "redirects");
  assertEquals(server.requests.length, 4);
});

Deno.test("a redirect from a public to a local address is refused before anything is sent there", async () => {
  await using victim = new RawServer(answer("secret"));
  await using server = new RawServer(answer("", `Location: ${victim.url}\r\n`, "302 Found"));
  const error = await assertRejects(() =>
    get(`http://far.example:${server.port}/announce`, {
      allow: (url, from, signal) =>
        url.hostname === "far.example"
          // stands for a public address: the test may not leave this machine
          ? Promise.resolve({ reach: "public", addresses: ["127.0.0.1"], local: false })
          : policy.tracker(url, from, signal),
    }), HttpError);
  assertEquals(error.reason, "refused");
  assertEquals(victim.requests, []);
});

Deno.test("only http and https are followed", async () => {
  assertEquals((await assertRejects(() => get("file:///etc/passwd"), HttpError)).reason, "refused");
  assertEquals((await assertRejects(() => get("nonsense"), HttpError)).reason, "refused");
  const to = (url: string) => answer("", `Location: ${url}\r\n`, "302 Found");
  assertEquals(await failure(to("file:///etc/passwd")), "refused");
  assertEquals(await failure(to("data:text/plain,x")), "refused");
  assertEquals(await failure(to("http://[bad")), "refused");
});

Deno.test("an endless body is cut off at the bound", async () => {
  const chunk = new Uint8Array(65_536);
  const reason = await failure(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\n\r\n");
    for (;;) await send(conn, chunk);
  });
  assertEquals(reason, "too-large");
});

Deno.test("a body is measured after decompression", async () => {
  const zeros = new Blob([new Uint8Array(20_000_000)]).stream();
  const bomb = new Uint8Array(
    await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );
  assert(bomb.length < 50_000);
  assertEquals(await failure(answer(bomb, "Content-Encoding: gzip\r\n")), "too-large");
});

Deno.test("a body of exactly the bound passes", async () => {
  await using server = new RawServer(answer("12345"));
  assertEquals((await get(server.url, { maxBytes: 5 })).bytes.length, 5);
  assertEquals(
    (await assertRejects(() => get(server.url, { maxBytes: 4 }), HttpError)).reason,
    "too-large",
  );
});

Deno.test("a body in chunks of one byte comes back whole", async () => {
  await using server = new RawServer(async (conn) => {
    const chunks = "1\r\nx\r\n".repeat(20_000);
    await send(conn, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`);
  });
  assertEquals((await get(server.url)).bytes, new Uint8Array(20_000).fill(0x78));
});

Deno.test("a body shorter than its declared length is no body", async () => {
  const reason = await failure(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
  });
  assertEquals(reason, "network");
});

Deno.test("a server that drips a byte at a time does not hold us beyond the deadline", async () => {
  const reason = await failure(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    for (;;) {
      await send(conn, "d");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, { timeoutMs: 200 });
  assertEquals(reason, "timeout");
});

Deno.test("a server that says nothing does not hold us beyond the deadline", async () => {
  assertEquals(
    await failure((conn) => conn.read(new Uint8Array(1)).then(() => {}), { timeoutMs: 100 }),
    "timeout",
  );
});

Deno.test("headers without end are given up", async () => {
  const line = `X-Filler: ${"x".repeat(8_000)}\r\n`;
  const reason = await failure(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\n");
    for (;;) await send(conn, line);
  });
  assertEquals(reason, "network");
});

Deno.test("what is not HTTP is a network failure", async () => {
  assertEquals(await failure((conn) => send(conn, "SSH-2.0-OpenSSH_9\r\n\r\n")), "network");
  assertEquals(await failure(() => Promise.resolve()), "network");
});

Deno.test("a refused connection says so without the query, which may hold a passkey", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const error = await assertRejects(
    () => get(`http://127.0.0.1:${port}/announce?passkey=secret`),
    HttpError,
  );
  assertEquals(error.message, `Connection refused (127.0.0.1:${port})`);
});

Deno.test("the caller's signal ends a fetch with its own reason, before and during", async () => {
  const reason = new Error("enough");
  await assertRejects(
    () => get("http://127.0.0.1/announce", { signal: AbortSignal.abort(reason) }),
    Error,
    "enough",
  );
  const controller = new AbortController();
  await using server = new RawServer(async (conn) => {
    controller.abort(reason);
    await conn.read(new Uint8Array(1));
  });
  await assertRejects(() => get(server.url, { signal: controller.signal }), Error, "enough");
});

Deno.test("with IPv6 off, what is connected to by name cannot be reached over it either", async () => {
  const server = Deno.serve(
    { hostname: "::1", port: 0, onListen: () => {} },
    () => new Response("six"),
  );
  try {
    const route = { reach: "local", addresses: [], local: true } as const;
    const url = `http://[::1]:${server.addr.port}/`;
    const allow = (rest: { ipv4Only?: true }) => () => Promise.resolve({ ...route, ...rest });
    assertEquals(text((await get(url, { allow: allow({}) })).bytes), "six");
    const error = await assertRejects(
      () => get(url, { allow: allow({ ipv4Only: true }) }),
      HttpError,
    );
    assertEquals(error.reason, "network");
  } finally {
    await server.shutdown();
  }
});

Deno.test("a server that falls silent amid its answer is left when we want, however long that takes", async () => {
  const abort = new AbortController();
  await using server = new RawServer(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    await conn.read(new Uint8Array(1));
  });
  const getting = get(server.url, { signal: abort.signal, timeoutMs: 600_000 });
  const left = assertRejects(() => getting, Error, "enough");
  await collectGarbage();
  abort.abort(new Error("enough"));
  await left;
});
