import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ROUTES } from "../../../src/control/routes.ts";
import type { PageFiles } from "../../../src/control/mod.ts";
import { MAX_PAGES } from "../../../src/control/web/live.ts";
import { PAGE_PATHS } from "../../../src/control/web/load.ts";
import { utf8 } from "../../../src/base/mod.ts";
import { http, withServer } from "../lab.ts";

const STYLE = "p { color: red }\n".repeat(1_000);
const PAGE: PageFiles = new Map([
  ["/", { type: "text/html; charset=utf-8", bytes: utf8("<!DOCTYPE html><p>page</p>") }],
  ["/web/page.css", { type: "text/css; charset=utf-8", bytes: utf8(STYLE) }],
  ["/web/page.js", { type: "text/javascript; charset=utf-8", bytes: utf8("alert") }],
  ["/web/icon.svg", { type: "image/svg+xml", bytes: utf8("<svg/>") }],
]);
const AUTH = { user: "me", password: "secret" };

Deno.test("page: every file comes with its type and a policy that allows nothing of others", async () => {
  await withServer({ page: PAGE }, async ({ port }) => {
    for (const path of [...PAGE_PATHS, "/web/"]) {
      const { status, headers } = await http({ port: port! }, `GET ${path}`);
      assertEquals(status, 200, path);
      assertEquals(headers.get("content-type"), PAGE.get(path === "/web/" ? "/" : path)?.type);
      assertEquals(headers.get("x-frame-options"), "DENY");
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      assertEquals(headers.get("referrer-policy"), "no-referrer");
      assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
      assertEquals(headers.get("access-control-allow-origin"), null);
      const policy = headers.get("content-security-policy") ?? "";
      assertStringIncludes(policy, "default-src 'none'");
      assertStringIncludes(policy, "frame-ancestors 'none'");
      assert(!/unsafe|https?:|\*|data:/.test(policy), policy);
    }
  });
});

Deno.test("page: a strong tag tells each encoding of a file, and answers whether it changed", async () => {
  await withServer({ page: PAGE }, async ({ port }) => {
    const get = (headers: Record<string, string>, method = "GET") =>
      http({ port: port! }, `${method} /web/page.css`, headers);
    const plain = await get({});
    assertEquals([plain.text, plain.headers.get("vary")], [STYLE, "accept-encoding"]);
    const zipped = await fetch(`http://127.0.0.1:${port}/web/page.css`, {
      headers: { "accept-encoding": "gzip" },
    });
    assertEquals(await zipped.text(), STYLE);
    const length = Number((await get({ "accept-encoding": "br, gzip" }, "HEAD"))
      .headers.get("content-length"));
    assert(length > 0 && length < STYLE.length / 10, `${length} bytes`);
    const tags = [plain.headers.get("etag") ?? "", zipped.headers.get("etag") ?? ""];
    for (const tag of tags) assertMatch(tag, /^"[0-9a-f]{32}(-gzip)?"$/);
    assertEquals(new Set(tags).size, 2);
    const [tag = ""] = tags;
    assertEquals((await get({ "if-none-match": tag })).status, 304);
    assertEquals((await get({ "if-none-match": `"other", W/${tag}` })).status, 304);
    assertEquals(
      (await get({ "if-none-match": tag, "accept-encoding": "gzip" }, "HEAD")).status,
      200,
    );
    assertEquals((await get({ "accept-encoding": "gzip;q=0" })).text, STYLE);
  });
});

Deno.test("page: every route is behind the same gate; what asks for the password comes without it", async () => {
  const where = { auth: AUTH, page: PAGE };
  await withServer(where, async ({ port }) => {
    const right = { authorization: `Basic ${btoa("me:secret")}` };
    for (const [path, { methods, open = false }] of ROUTES) {
      const status = async (headers: Record<string, string>) =>
        (await http({ port: port! }, `${methods[0]} ${path}`, headers)).status;
      assertEquals(open, PAGE_PATHS.includes(path) || path === "/web/", path);
      assertEquals(await status({}), open ? 200 : 401, path);
      assertEquals(await status({ authorization: "Basic d3Jvbmc=" }), open ? 200 : 401, path);
      assertEquals(await status({ ...right, host: "evil.example" }), 421, path);
      assertEquals(await status({ ...right, origin: "http://evil.example" }), 403, path);
      assertEquals(await status({ ...right, "sec-fetch-site": "cross-site" }), 403, path);
      assertEquals(await status({ ...right, "sec-fetch-site": "same-site" }), 403, path);
    }
    assertEquals((await http({ port: port! }, "GET /elsewhere")).status, 401);
  });
});

Deno.test("page: nothing but its files is served, and only to be read", async () => {
  await withServer({ page: PAGE }, async ({ port }) => {
    for (const path of ["/web/x", "/web/../etc/passwd", "/web", "/index.html", "//", "/WEB/"]) {
      assertEquals((await http({ port: port! }, `GET ${path}`)).status, 404, path);
    }
    assertEquals((await http({ port: port! }, "POST /")).status, 405);
    assertEquals((await http({ port: port! }, "PUT /web/page.js")).status, 405);
    assertEquals((await http({ port: port! }, "HEAD /web/events")).status, 405);
  });
});

Deno.test("page: from source, one that is not built says how to build it", async () => {
  await withServer({}, async ({ port }) => {
    const { status, text } = await http({ port: port! }, "GET /");
    assertEquals(status, 404);
    assertStringIncludes(text, "deno task page");
  });
});

Deno.test("page: pages that leave in the middle harm nothing and make room for others", async () => {
  await withServer({ page: PAGE }, async ({ port }) => {
    const request = utf8(`GET /web/events HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    for (let visit = 0; visit < 3 * MAX_PAGES;) {
      using page = await Deno.connect({ port: port! });
      await page.write(request);
      const head = new Uint8Array(4_096);
      const read = await page.read(head) ?? 0;
      // a place is free as soon as the server has noticed, which nobody can wait for
      if (new TextDecoder().decode(head.subarray(0, read)).startsWith("HTTP/1.1 200")) visit++;
    }
    assertEquals((await http({ port: port! }, "GET /")).status, 200);
  });
});

Deno.test("page: live figures come over a socket, and do not hold up the end", async () => {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  await withServer({ page: PAGE }, async ({ place }) => {
    const response = await fetch(`${place}/web/events`);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    assertEquals(response.headers.get("cache-control"), "no-store");
    reader = response.body?.getReader();
    const { value } = await reader?.read() ?? {};
    assertMatch(new TextDecoder().decode(value), /^data: \{"all":true,"rows":\[\{"id":1,/);
  });
  // the server is closed, and so is the stream
  assertEquals((await reader?.read())?.done, true);
});
