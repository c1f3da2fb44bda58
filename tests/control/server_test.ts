import { assert, assertEquals, assertRejects } from "@std/assert";
import { MAX_BODY } from "../../src/control/mod.ts";
import { MAX_REQUESTS } from "../../src/control/server.ts";
import { Bodies, BodyRefused } from "../../src/control/bodies.ts";
import { utf8 } from "../../src/base/mod.ts";
import { http, withServer } from "./lab.ts";

const RPC = "POST /transmission/rpc";
const { AddrInUse } = Deno.errors;
const ID = "x-transmission-session-id";

async function sessionId(port: number): Promise<Record<string, string>> {
  return { [ID]: (await http({ port }, RPC)).headers.get(ID) ?? "" };
}

Deno.test("control: a body of 50 MB is refused before it is read", async () => {
  await withServer({}, async ({ port }) => {
    const id = await sessionId(port!);
    // not a byte of it is sent: the answer does not wait for it
    const heard = await http({ port: port! }, RPC, { ...id, "content-length": "50000000" });
    assertEquals(heard.status, 413);
    assertEquals(heard.headers.get("connection"), "close");
  });
});

Deno.test("control: a body that does not say how long it is, is read up to the limit", async () => {
  await withServer({}, async ({ port }, manager) => {
    const id = await sessionId(port!);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1 << 20;
        if (sent > 200 * (1 << 20)) controller.close();
        else controller.enqueue(new Uint8Array(1 << 20).fill(0x20));
      },
    });
    const heard = await fetch(`http://127.0.0.1:${port}/transmission/rpc`, {
      method: "POST",
      headers: id,
      body,
    }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }, () => "closed");
    assert(heard === 413 || heard === "closed", String(heard));
    assert(sent < 3 * MAX_BODY, `${sent} bytes were taken`);
    assertEquals(manager.asked, []);
  });
});

Deno.test("control: a torrent of 20 MB in a body gets through", async () => {
  await withServer({}, async ({ port }, manager) => {
    const id = await sessionId(port!);
    const metainfo = "A".repeat(28_000_000);
    const request = JSON.stringify({ method: "torrent-add", arguments: { metainfo } });
    const heard = await http({ port: port! }, RPC, id, request);
    assertEquals(JSON.parse(heard.text).result, "success");
    const [[, given] = []] = manager.asked;
    assertEquals((given as { torrent: Uint8Array }).torrent.length, 21_000_000);
  });
});

Deno.test("control: a client that sends a torrent before it has the session id hears which it is", async () => {
  await withServer({}, async ({ port }, manager) => {
    for (const length of Array.from({ length: 60 }, (_, i) => [3e4, 3e5, 8e6][i % 3]!)) {
      const metainfo = "A".repeat(length);
      const heard = await fetch(`http://127.0.0.1:${port}/transmission/rpc`, {
        method: "POST",
        body: JSON.stringify({ method: "torrent-add", arguments: { metainfo } }),
      });
      await heard.body?.cancel();
      assertEquals(heard.status, 409);
      assert(heard.headers.has(ID));
    }
    assertEquals(manager.asked, []);
  });
});

Deno.test("control: bodies are bounded together, and in time", async () => {
  const limits = { each: 100, together: 150, timeoutMs: 50, passing: 1 };
  const bodies = new Bodies(limits);
  const request = (body: BodyInit) => new Request("http://a/", { method: "POST", body });
  const status = (run: Promise<unknown>) =>
    run.then(() => 200, (error) => error instanceof BodyRefused ? error.status : error);
  const gate = Promise.withResolvers<void>();
  const first = bodies.with(request("x".repeat(100)), () => gate.promise);
  assertEquals(await status(bodies.with(request("y".repeat(60)), () => Promise.resolve())), 503);
  gate.resolve();
  await first;
  const text = await bodies.with(request("y".repeat(60)), (body) => Promise.resolve(body.length));
  assertEquals(text, 60);
  assertEquals(await status(bodies.with(request("z".repeat(101)), () => Promise.resolve())), 413);
  const endless = new ReadableStream({ start: (controller) => controller.enqueue(utf8("a")) });
  assertEquals(await status(bodies.with(request(endless), () => Promise.resolve())), 408);
  // of those that nobody wants one is waited for, however long it takes; of more none is
  const silent = () => request(new ReadableStream());
  let passed = false;
  const passing = bodies.pass(silent()).then(() => passed = true);
  await bodies.pass(silent());
  assertEquals(passed, false);
  await passing;
  const failed = bodies.with(request("x".repeat(90)), () => Promise.reject(new Error("ours")));
  assertEquals((await status(failed)).message, "ours");
  assertEquals(await bodies.with(request("y".repeat(99)), () => Promise.resolve(1)), 1);
});

Deno.test("control: requests are bounded together, and there is room again once some are answered", async () => {
  await withServer({}, async ({ port }, manager) => {
    const id = await sessionId(port!);
    const ask = () => http({ port: port! }, RPC, id, '{"method":"session-stats"}');
    const { stats } = manager;
    const held = Promise.withResolvers<void>();
    const full = Promise.withResolvers<void>();
    let asked = 0;
    manager.stats = async () => {
      if (++asked === MAX_REQUESTS) full.resolve();
      await held.promise;
      return await stats();
    };
    const waiting = Array.from({ length: MAX_REQUESTS }, ask);
    await full.promise;
    const { status, headers } = await ask();
    assertEquals([status, headers.get("retry-after")], [503, "1"]);
    // who is not let in takes no place, and waits for none
    assertEquals((await http({ port: port! }, RPC)).status, 409);
    held.resolve();
    assertEquals(new Set((await Promise.all(waiting)).map((each) => each.status)), new Set([200]));
    assertEquals((await ask()).status, 200);
    assertEquals(asked, MAX_REQUESTS + 1);
  });
});

Deno.test("control: nobody without the password takes the places of those who have it", async () => {
  const auth = { user: "u", password: "p" };
  await withServer({ auth }, async ({ port }) => {
    const strangers = await Promise.all(Array.from({ length: MAX_REQUESTS + 20 }, async () => {
      const stranger = await Deno.connect({ port: port! });
      // a body that never comes
      await stranger.write(utf8(`${RPC} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n`));
      return stranger;
    }));
    try {
      // those before it were heard: a stranger whose body is whole has its answer
      assertEquals((await http({ port: port! }, RPC, {}, "{}")).status, 401);
      const authorization = `Basic ${btoa("u:p")}`;
      assertEquals((await http({ port: port! }, "GET /metrics", { authorization })).status, 200);
    } finally {
      for (const stranger of strangers) stranger.close();
    }
  });
});

Deno.test("control: session-close is answered before the end begins", async () => {
  const ended = Promise.withResolvers<void>();
  await withServer({ onShutdown: () => ended.resolve() }, async ({ port }) => {
    const id = await sessionId(port!);
    const heard = await http({ port: port! }, RPC, id, '{"method":"session-close"}');
    assertEquals(JSON.parse(heard.text).result, "success");
    await ended.promise;
  });
});

Deno.test("control: whoever calls through a proxy on this machine is not on it", async () => {
  const asked: boolean[] = [];
  const fetchTorrent = (_: string, local: boolean): Promise<never> => {
    asked.push(local);
    return Promise.reject(new Error("nothing is fetched here"));
  };
  await withServer({ fetchTorrent }, async ({ port }) => {
    const id = await sessionId(port!);
    const request = JSON.stringify({
      method: "torrent-add",
      arguments: { filename: "http://192.168.1.1/a.torrent" },
    });
    const proxies = [{}, { forwarded: "for=203.0.113.5" }, { "x-forwarded-for": "203.0.113.5" }];
    for (const proxy of proxies) await http({ port: port! }, RPC, { ...id, ...proxy }, request);
  });
  assertEquals(asked, [true, false, false]);
});

Deno.test("control: a Unix socket takes calls of whoever may open it", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tm.sock`;
  try {
    await withServer({ listen: { path } }, async (server) => {
      assertEquals([server.port, server.place], [null, path]);
      const first = await http({ path }, RPC, { host: "anything" });
      assertEquals(first.status, 409);
      const id = { [ID]: first.headers.get(ID) ?? "" };
      const heard = await http({ path }, RPC, id, '{"method":"session-stats","tag":1}');
      assertEquals(JSON.parse(heard.text).tag, 1);
    });
    const auth = { user: "u", password: "p" };
    // what a killed process leaves
    const gone = Deno.listen({ transport: "unix", path: `${path}.gone` });
    await Deno.link(`${path}.gone`, path);
    gone.close();
    assert((await Deno.lstat(path)).isSocket);
    await withServer({ listen: { path }, auth }, async () => {
      assertEquals((await http({ path }, RPC)).status, 401);
      assertEquals((await Deno.lstat(path)).mode! & 0o777, 0o600);
      await assertRejects(() => withServer({ listen: { path } }, async () => {}), AddrInUse);
    });
    await assertRejects(() => Deno.lstat(path), Deno.errors.NotFound);
    await Deno.writeTextFile(path, "mine");
    await assertRejects(() => withServer({ listen: { path } }, async () => {}), AddrInUse);
    assertEquals(await Deno.readTextFile(path), "mine");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("control: a notification is answered without a body", async () => {
  await withServer({}, async ({ port }) => {
    const id = await sessionId(port!);
    const heard = await http(
      { port: port! },
      RPC,
      id,
      '{"jsonrpc":"2.0","method":"torrent_stop"}',
    );
    assertEquals([heard.status, heard.text], [204, ""]);
  });
});

/** A call that the manager has begun to carry out while the server closes; what the caller hears. */
async function callAtTheEnd(
  graceMs: number,
  answered: Promise<void>,
  onClosed = () => {},
): Promise<number | string> {
  let heard: Promise<number | string> | null = null;
  await withServer({ graceMs }, async ({ port }, manager) => {
    const headers = await sessionId(port!);
    const begun = Promise.withResolvers<void>();
    manager.stop = () => {
      begun.resolve();
      return answered;
    };
    heard = fetch(`http://127.0.0.1:${port}/transmission/rpc`, {
      method: "POST",
      headers,
      body: '{"method":"torrent-stop"}',
    }).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }, () => "cut off");
    await begun.promise;
  });
  onClosed();
  return await (heard ?? "never sent");
}

Deno.test("control: closing waits for the answers that are on their way", async () => {
  const answered = Promise.withResolvers<void>();
  setTimeout(answered.resolve, 0);
  assertEquals(await callAtTheEnd(60_000, answered.promise), 200);
});

Deno.test("control: closing does not wait for an answer that hangs", async () => {
  const hangs = Promise.withResolvers<void>();
  const call = callAtTheEnd(0, hangs.promise, hangs.resolve);
  assertEquals(await call, 200, "it is heard after all, as this program has not ended");
});

Deno.test("control: closing does not wait for callers that say nothing", async () => {
  let connection: Deno.TcpConn | undefined;
  const started = performance.now();
  await withServer({}, async ({ port }) => {
    connection = await Deno.connect({ port: port! });
    await connection.write(utf8("POST /transmission/rpc HTTP/1.1\r\nhost: localhost\r\n"));
  });
  connection?.close();
  assert(performance.now() - started < 30_000);
});
