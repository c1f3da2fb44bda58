import { assertEquals, assertRejects } from "@std/assert";
import { CallFailed, Rpc, type Send } from "../../../src/control/web/page/rpc.ts";
import { withServer } from "../lab.ts";

Deno.test("page: calls learn the session id by themselves, and again after a restart", async () => {
  const seen: string[] = [];
  let right = "one";
  const send: Send = (_, { headers }) => {
    const id = new Headers(headers).get("x-transmission-session-id") ?? "";
    seen.push(id);
    return Promise.resolve(
      id === right
        ? Response.json({ result: "success", arguments: { a: 1 } })
        : new Response("again", { status: 409, headers: { "X-Transmission-Session-Id": right } }),
    );
  };
  const rpc = new Rpc({ send });
  assertEquals(await rpc.call("session-get"), { a: 1 });
  await rpc.call("session-get");
  right = "two";
  await rpc.call("session-get");
  assertEquals(seen, ["", "one", "one", "one", "two"]);
});

Deno.test("page: what goes wrong is an error with the words of the manager", async () => {
  const answering = (answer: () => Response) =>
    new Rpc({ send: () => Promise.resolve().then(answer) }).call("torrent-add");
  const refused = answering(() => Response.json({ result: "no such folder", arguments: {} }));
  await assertRejects(() => refused, CallFailed, "no such folder");
  const status = answering(() => new Response("Too many wrong passwords\n", { status: 429 }));
  await assertRejects(() => status, CallFailed, "Too many wrong passwords");
  const lost = answering(() => {
    throw new TypeError("Failed to fetch");
  });
  await assertRejects(() => lost, CallFailed, "Failed to fetch");
});

Deno.test("page: a refusal names the login that the call went with, not the one that came meanwhile", async () => {
  let authorization = "Bearer aa";
  const answer = Promise.withResolvers<Response>();
  const refused: unknown[] = [];
  const rpc = new Rpc({
    send: () => answer.promise,
    headers: () => ({ authorization }),
    onLocked: (headers) => refused.push(headers),
  });
  const call = rpc.call("session-get");
  authorization = "Bearer bb";
  answer.resolve(new Response("A user and password are needed\n", { status: 401 }));
  await assertRejects(() => call, CallFailed, "password");
  assertEquals(refused, [{ authorization: "Bearer aa" }]);
});

Deno.test("page: its calls are understood by the server", async () => {
  await withServer({}, async ({ place }, manager) => {
    const rpc = new Rpc({ send: (path, init) => fetch(`${place}${path}`, init) });
    const { torrents } = await rpc.call<{ torrents: { name: string }[] }>("torrent-get", {
      ids: [1],
      fields: ["name"],
    });
    assertEquals(torrents, [{ name: "beta" }]);
    await rpc.call("torrent-remove", { ids: [1, 2], "delete-local-data": true });
    await rpc.call("torrent-set-location", { ids: [1], location: "new", move: true });
    assertEquals(manager.asked, [["remove", [1, 2], true], ["relocate", [1], "new", true]]);
  });
});
