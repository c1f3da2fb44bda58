import { assertEquals, assertStringIncludes } from "@std/assert";
import { http, withServer } from "./lab.ts";
import { HostNames } from "../../src/control/host_names.ts";
import { isLocal } from "../../src/control/caller.ts";
import { Logins } from "../../src/control/logins.ts";
import { gate } from "../../src/control/gate.ts";

const RPC = "/transmission/rpc";
const AUTH = { user: "me", password: "päss:word" };

function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

const RIGHT = basic(AUTH.user, AUTH.password);
const FOREIGN = { host: "evil.example" };

Deno.test("control: 421, then 401, then 409 that names the session id, then the answer", async () => {
  await withServer({ auth: AUTH }, async ({ port }, manager) => {
    const at = { port: port! };
    const ask = (headers: Record<string, string>) =>
      http(at, `POST ${RPC}`, headers, '{"method":"session-stats","tag":7}');
    assertEquals((await ask(FOREIGN)).status, 421);
    const nobody = await ask({});
    assertEquals(nobody.status, 401);
    assertStringIncludes(nobody.headers.get("www-authenticate") ?? "", "Basic realm=");
    assertEquals((await ask({ ...FOREIGN, authorization: RIGHT })).status, 421);
    const conflict = await ask({ authorization: RIGHT });
    assertEquals(conflict.status, 409);
    const id = conflict.headers.get("x-transmission-session-id") ?? "";
    assertEquals(id.length, 48);
    const wrong = await ask({ authorization: RIGHT, "x-transmission-session-id": `${id}x` });
    assertEquals(wrong.status, 409);
    const right = await ask({ authorization: RIGHT, "x-transmission-session-id": id });
    assertEquals(right.status, 200);
    assertEquals(JSON.parse(right.text).tag, 7);
    assertEquals(right.headers.get("content-type"), "application/json; charset=UTF-8");
    assertEquals(manager.asked, []);
  });
});

Deno.test("control: GET of the RPC needs the session id too, and then is the wrong method", async () => {
  await withServer({}, async ({ port }) => {
    const at = { port: port! };
    const first = await http(at, `GET ${RPC}/`);
    assertEquals(first.status, 409);
    const id = first.headers.get("x-transmission-session-id") ?? "";
    const second = await http(at, `GET ${RPC}`, { "X-Transmission-Session-Id": id });
    assertEquals(second.status, 405);
    assertEquals(second.headers.get("allow"), "POST");
    assertEquals((await http(at, "GET /elsewhere")).status, 404);
    assertEquals((await http(at, "GET /elsewhere", FOREIGN)).status, 421);
    assertEquals((await http(at, "GET /metrics", FOREIGN)).status, 421);
  });
});

Deno.test("control: pages of other sites get nowhere, with or without the session id", async () => {
  await withServer({}, async ({ port }, manager) => {
    const at = { port: port! };
    const id = (await http(at, `POST ${RPC}`)).headers.get("x-transmission-session-id") ?? "";
    const own = `http://127.0.0.1:${port}`;
    const cases: [Record<string, string>, number][] = [
      [{ origin: "https://evil.example" }, 403],
      [{ origin: "null" }, 403],
      [{ origin: "http://127.0.0.1:1" }, 403],
      [{ origin: `${own}.evil.example` }, 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
      [{ "sec-fetch-site": "same-site" }, 403],
      [{ origin: own, "sec-fetch-site": "cross-site" }, 403],
      [{ origin: own, "sec-fetch-site": "same-origin" }, 200],
      [{ "sec-fetch-site": "none" }, 200],
    ];
    for (const [headers, status] of cases) {
      const heard = await http(
        at,
        `POST ${RPC}`,
        { ...headers, "x-transmission-session-id": id, "content-type": "text/plain" },
        '{"method":"torrent-stop"}',
      );
      assertEquals(heard.status, status, JSON.stringify(headers));
    }
    assertEquals(manager.asked.length, 2);
    const metrics = await http(at, "GET /metrics", { origin: "https://evil.example" });
    assertEquals(metrics.status, 403);
    const preflight = await http(at, `OPTIONS ${RPC}`, { origin: "https://evil.example" });
    assertEquals(preflight.status, 403);
    assertEquals(preflight.headers.get("access-control-allow-origin"), null);
  });
});

Deno.test("control: without a password only this machine may call", async () => {
  const hosts = new HostNames([]);
  const options = { guard: null, logins: new Logins(), hosts, sessionId: "S" };
  const headers = new Headers({ host: "127.0.0.1" });
  const knock = (caller: string) => gate({ headers, caller, guarded: false, open: true }, options);
  for (const caller of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) {
    assertEquals(await knock(caller), null, caller);
  }
  for (const caller of ["192.168.1.5", "10.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0", "0.0.0.0"]) {
    assertEquals((await knock(caller))?.status, 403, caller);
  }
  assertEquals(isLocal("nonsense"), false);
});

Deno.test("control: which Host is ours", () => {
  const hosts = new HostNames(["nas.example.org", "Box:9091"]);
  const ours = [
    "localhost",
    "LOCALHOST:9091",
    "localhost.",
    "127.0.0.1",
    "192.168.1.5:9091",
    "[::1]:9091",
    "[2001:db8::1]",
    "nas.example.org",
    "NAS.example.org.:80",
    "box",
  ];
  for (const host of ours) assertEquals(hosts.means(host), true, host);
  const others = [
    null,
    "",
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "xnas.example.org",
    "localhost, evil.example",
    "evil@localhost",
    "localhost:port",
    "[::1",
    "0x7f.1",
  ];
  for (const host of others) assertEquals(hosts.means(host), false, String(host));
});

Deno.test("control: passwords cannot be tried out, and no wrong one is right", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const at = { port: port! };
    const wrong = [
      basic("me", ""),
      basic("", "päss:word"),
      basic("me:päss", "wor"),
      "Digest x",
      "Basic",
      "Basic !!!",
      `Basic ${"A".repeat(6000)}`,
      RIGHT.slice(0, -4),
      `${RIGHT}AAAA`,
    ];
    for (const authorization of wrong) {
      assertEquals((await http(at, "GET /metrics", { authorization })).status, 401, authorization);
    }
    // a request without one is no attempt
    for (let i = 0; i < 5; i++) assertEquals((await http(at, "GET /metrics")).status, 401);
    assertEquals((await http(at, "GET /metrics", { authorization: RIGHT })).status, 200);
    assertEquals((await http(at, "GET /metrics", { authorization: basic("me", "x") })).status, 401);
    const locked = await http(at, "GET /metrics", { authorization: RIGHT });
    assertEquals(locked.status, 429);
    assertEquals(locked.headers.get("retry-after"), "60");
  });
});

Deno.test("control: what a page of another site tries is no attempt at the password", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const at = { port: port! };
    const wrong = { authorization: basic("me", "guess") };
    const pages: [Record<string, string>, number][] = [
      // its name was pointed at us
      [{ host: "evil.example", origin: "http://evil.example" }, 421],
      [{ host: `evil.example:${port}` }, 421],
      [{ origin: "https://evil.example" }, 403],
      [{ "sec-fetch-site": "cross-site" }, 403],
    ];
    for (const [headers, status] of pages) {
      for (let i = 0; i < 11; i++) {
        const head = `POST ${i % 2 === 0 ? RPC : "/web/login"}`;
        assertEquals((await http(at, head, { ...headers, ...wrong })).status, status);
      }
    }
    const heard = await http(at, "GET /metrics", { authorization: RIGHT });
    assertEquals(heard.status, 200, "who has the password is not locked out");
  });
});

Deno.test("control: whatever is answered, no page frames, reads or keeps it", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const at = { port: port! };
    const right = { authorization: RIGHT };
    const asks: [string, Record<string, string>, number][] = [
      ["GET /metrics", right, 200],
      [`POST ${RPC}`, right, 409],
      ["GET /metrics", {}, 401],
      ["GET /metrics", { ...right, ...FOREIGN }, 421],
      ["GET /metrics", { ...right, origin: "http://evil.example" }, 403],
      ["GET /elsewhere", right, 404],
      ["GET //", right, 404],
      ["OPTIONS *", right, 404],
      ["GET /web/../metrics", right, 404],
      ["OPTIONS /metrics", right, 405],
      ["HEAD /web/events", right, 405],
      ["TRACE /metrics", right, 405],
      ["GET /", {}, 404],
    ];
    for (const [head, headers, status] of asks) {
      const heard = await http(at, head, headers);
      const what = `${head} ${status}`;
      assertEquals(heard.status, status, what);
      assertEquals(heard.headers.get("x-frame-options"), "DENY", what);
      assertStringIncludes(
        heard.headers.get("content-security-policy") ?? "",
        "frame-ancestors 'none'",
        what,
      );
      assertEquals(heard.headers.get("cross-origin-resource-policy"), "same-origin", what);
      assertEquals(heard.headers.get("x-content-type-options"), "nosniff", what);
      assertEquals(heard.headers.get("cache-control"), "no-store", what);
      const granted = [...heard.headers.keys()].filter((name) => name.startsWith("access-control"));
      assertEquals([granted, heard.headers.get("set-cookie")], [[], null], what);
    }
  });
});
