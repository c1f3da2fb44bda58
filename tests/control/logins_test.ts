import { assertEquals, assertMatch } from "@std/assert";
import { Logins } from "../../src/control/logins.ts";
import { http, withServer } from "./lab.ts";

const DAY = 86_400_000;
const AUTH = { user: "me", password: "secret" };
const RIGHT = { authorization: `Basic ${btoa("me:secret")}` };
const WRONG = { authorization: `Basic ${btoa("me:wrong")}` };

function bearer(token: string): string {
  return `Bearer ${token}`;
}

Deno.test("logins: a token is known until its login is closed, and no other is", async () => {
  const logins = new Logins();
  const [one, two] = [await logins.open(), await logins.open()];
  assertMatch(one, /^[0-9a-f]{64}$/);
  assertEquals(await logins.know(bearer(one)), true);
  const others = [null, "", "Bearer", bearer(""), bearer(one.slice(1)), `Basic ${one}`, one];
  for (const other of others) assertEquals(await logins.know(other), false, String(other));
  await logins.close(bearer(one));
  await logins.close(null);
  assertEquals(await logins.know(bearer(one)), false);
  assertEquals(await logins.know(bearer(two)), true);
});

Deno.test("logins: one ends that is not used for a week, and any after a month", async () => {
  const clock = { now: 0 };
  const logins = new Logins(() => clock.now);
  const [idle, busy] = [await logins.open(), await logins.open()];
  for (let day = 6; day <= 30; day += 6) {
    clock.now = day * DAY;
    assertEquals(await logins.know(bearer(busy)), true, `day ${day}`);
  }
  assertEquals(await logins.know(bearer(idle)), false);
  clock.now = 31 * DAY;
  assertEquals(await logins.know(bearer(busy)), false);
});

Deno.test("logins: what goes on and on uses its login, and knows when that ends", async () => {
  const clock = { now: 0 };
  const logins = new Logins(() => clock.now);
  const token = await logins.open();
  const [holds, other] = [await logins.holder(bearer(token)), await logins.holder(null)];
  for (let day = 5; day <= 30; day += 5) {
    clock.now = day * DAY;
    assertEquals(holds(), true, `day ${day}`);
  }
  clock.now = 31 * DAY;
  assertEquals([holds(), other()], [false, true]);
  const next = await logins.open();
  const still = await logins.holder(bearer(next));
  await logins.close(bearer(next));
  assertEquals([still(), (await logins.holder(bearer("0".repeat(64))))()], [false, false]);
});

Deno.test("login: its end is the end of the figures that a page listens to", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const at = { port: port! };
    const id = (await http(at, "POST /web/login", RIGHT)).headers.get("x-transmission-session-id");
    const session = { "x-transmission-session-id": id ?? "" };
    const { text } = await http(at, "POST /web/login", { ...RIGHT, ...session });
    const token = { authorization: bearer(JSON.parse(text).token) };
    const stream = await fetch(`http://127.0.0.1:${port}/web/events`, { headers: token });
    assertEquals(stream.status, 200);
    await http(at, "POST /web/logout", { ...token, ...session });
    // it ends by itself
    assertMatch(await stream.text(), /^data: \{"all":true/);
    const late = await fetch(`http://127.0.0.1:${port}/web/events`, { headers: token });
    assertEquals(late.status, 401);
    await late.body?.cancel();
  });
});

Deno.test("logins: of more than 64 the one used longest ago ends", async () => {
  const logins = new Logins();
  const tokens: string[] = [];
  for (let count = 0; count < 64; count++) tokens.push(await logins.open());
  const [first = "", second = ""] = tokens;
  await logins.know(bearer(first));
  const last = await logins.open();
  assertEquals(await logins.know(bearer(second)), false);
  assertEquals(await logins.know(bearer(first)), true);
  assertEquals(await logins.know(bearer(last)), true);
});

Deno.test("login: the password gives a token, which opens everything until it is given back", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const at = { port: port! };
    const id = (await http(at, "POST /web/login", RIGHT)).headers.get("x-transmission-session-id");
    const post = async (path: string, headers: Record<string, string>, body = "") =>
      await http(at, `POST ${path}`, { ...headers, "x-transmission-session-id": id ?? "" }, body);
    assertEquals((await post("/web/login", {})).status, 401);
    assertEquals((await post("/web/login", WRONG)).status, 401);
    const answer = await post("/web/login", RIGHT);
    assertEquals(answer.headers.get("cache-control"), "no-store");
    assertEquals(answer.headers.get("set-cookie"), null);
    const token = { authorization: bearer(JSON.parse(answer.text).token) };
    const call = '{"method":"session-stats"}';
    assertEquals((await post("/transmission/rpc", token, call)).status, 200);
    assertEquals((await http(at, "GET /metrics", token)).status, 200);
    assertEquals((await http(at, "GET /metrics", { ...token, host: "evil.example" })).status, 421);
    assertEquals((await http(at, "GET /metrics", { ...token, origin: "http://a" })).status, 403);
    assertEquals((await http(at, "POST /transmission/rpc", token)).status, 409);
    assertEquals((await post("/web/login", token)).status, 403, "a token gets no other");
    assertEquals((await post("/web/logout", token)).status, 204);
    const late = await post("/transmission/rpc", token, call);
    assertEquals([late.status, late.headers.get("www-authenticate")?.slice(0, 5)], [401, "Basic"]);
  });
});

Deno.test("login: it is no way past the guard, and a token that ended is no attempt", async () => {
  await withServer({ auth: AUTH }, async ({ port }) => {
    const at = { port: port! };
    const stale = { authorization: bearer("0".repeat(64)) };
    for (let i = 0; i < 20; i++) assertEquals((await http(at, "GET /metrics", stale)).status, 401);
    for (let i = 0; i < 10; i++) {
      assertEquals((await http(at, "POST /web/login", WRONG)).status, 401);
    }
    assertEquals((await http(at, "POST /web/login", RIGHT)).status, 429);
  });
});

Deno.test("login: without a password there is nothing to log in to", async () => {
  await withServer({}, async ({ port }) => {
    const first = await http({ port: port! }, "POST /web/login");
    const id = first.headers.get("x-transmission-session-id") ?? "";
    const headers = { "x-transmission-session-id": id };
    assertEquals((await http({ port: port! }, "POST /web/login", headers)).status, 404);
    assertEquals((await http({ port: port! }, "POST /web/logout", headers)).status, 404);
  });
});
