import { assertEquals } from "@std/assert";
import { readEvents } from "../../../src/control/web/page/event_reader.ts";
import { Login, type Post } from "../../../src/control/web/page/login.ts";
import { Rpc } from "../../../src/control/web/page/rpc.ts";
import { withServer } from "../lab.ts";
import { Memory } from "./memory.ts";

const AUTH = { user: "josé", password: "p\u00e4ss:word" };

Deno.test("page: the password gives it a token, which lasts as long as it was asked to", async () => {
  await withServer({ auth: AUTH }, async ({ place }) => {
    const [tab, browser] = [new Memory(), new Memory()];
    const login = new Login(tab, browser);
    const rpc = new Rpc({
      send: (path, init) => fetch(`${place}${path}`, init),
      headers: () => login.headers,
    });
    const post: Post = (path, authorization) => rpc.post(path, { authorization });
    assertEquals([login.known, login.headers], [false, {}]);
    assertEquals(await login.enter(post, "josé", "wrong", false), "wrong");
    assertEquals(await login.enter(post, AUTH.user, AUTH.password, false), "in");
    assertEquals([tab.kept.size, browser.kept.size], [1, 0]);
    await rpc.call("session-stats");
    // the tab is loaded again
    const again = new Login(tab, browser);
    assertEquals(again.headers, login.headers);
    const used = login.headers["authorization"] ?? "";
    await login.leave(post);
    assertEquals([login.known, tab.kept.size], [false, 0]);
    const answer = await rpc.post("/transmission/rpc", { authorization: used }, "{}");
    assertEquals(answer.status, 401);
    await answer.body?.cancel();
    assertEquals(await login.enter(post, AUTH.user, AUTH.password, true), "in");
    assertEquals([tab.kept.size, browser.kept.size], [0, 1]);
    assertEquals(JSON.stringify([...browser.kept]).includes("word"), false, "never the password");
  });
});

Deno.test("page: logging in says why it failed, and needs no store", async () => {
  const outcome = (answer: () => Response) =>
    new Login(null, null).enter(() => Promise.resolve().then(answer), "u", "p", true);
  assertEquals(await outcome(() => new Response(null, { status: 429 })), "locked");
  assertEquals(await outcome(() => new Response(null, { status: 500 })), "failed");
  assertEquals(
    await outcome(() => {
      throw new TypeError("Failed to fetch");
    }),
    "failed",
  );
  assertEquals(await outcome(() => Response.json({ token: "a" })), "in");
});

Deno.test("page: a manager that wants no password any more lets in whoever tries, and logs nobody out", async () => {
  await withServer({}, async ({ place }) => {
    const [tab, browser] = [new Memory(), new Memory()];
    tab.setItem("token", "ab");
    const login = new Login(tab, browser);
    const rpc = new Rpc({ send: (path, init) => fetch(`${place}${path}`, init) });
    const post: Post = (path, authorization) => rpc.post(path, { authorization });
    assertEquals(await login.leave(post), false);
    assertEquals(await login.enter(post, "me", "of before", true), "in");
    assertEquals([login.known, tab.kept.size, browser.kept.size], [false, 0, 0]);
  });
});

Deno.test("page: a refusal ends the login that it is about, and no other", async () => {
  const [tab, browser] = [new Memory(), new Memory()];
  const login = new Login(tab, browser);
  assertEquals(login.refused(login.headers), true, "nobody has logged in");
  const answers = ["aa", "bb", "cc"].map((token) => Response.json({ token }));
  const post: Post = () => Promise.resolve(answers.shift() ?? new Response());
  await login.enter(post, "u", "p", false);
  const before = login.headers;
  await login.enter(post, "u", "p", false);
  assertEquals(login.refused(before), false, "a call of the login before it comes late");
  assertEquals(login.headers, { authorization: "Bearer bb" });
  // another window has logged in, to stay
  await new Login(new Memory(), browser).enter(post, "u", "p", true);
  assertEquals(login.refused(login.headers), false);
  assertEquals([login.headers, tab.kept.size], [{ authorization: "Bearer cc" }, 0]);
  assertEquals(login.refused(login.headers), true);
  assertEquals([login.known, browser.kept.size], [false, 0], "which is over, too");
});

Deno.test("page: whoever logs out in one window leaves another one's login alone", async () => {
  const browser = new Memory();
  const [one, other] = [new Memory(), new Memory()].map((tab) => new Login(tab, browser));
  const post: Post = (path) =>
    Promise.resolve(
      path === "/web/login" ? Response.json({ token: tokens.pop() }) : new Response(),
    );
  const tokens = ["bb", "aa"];
  await one?.enter(post, "u", "p", false);
  await other?.enter(post, "u", "p", true);
  assertEquals(await one?.leave(post), true);
  assertEquals([one?.known, other?.known, browser.getItem("token")], [false, true, "bb"]);
});

Deno.test("page: events are read however they are cut", async () => {
  const bytes = new TextEncoder().encode(
    'data: {"a":"é"}\n\n: still there\n\ndata: 2\n\ndata: half',
  );
  for (const size of [1, 2, 7, bytes.length]) {
    const seen: string[] = [];
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) {
          controller.enqueue(bytes.slice(at, at + size));
        }
        controller.close();
      },
    });
    await readEvents(body, (data) => seen.push(data));
    assertEquals(seen, ['{"a":"é"}', "2"], `${size} bytes at a time`);
  }
});
