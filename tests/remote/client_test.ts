import { assertEquals, assertRejects } from "@std/assert";
import {
  parseManagerAddress,
  RemoteError,
  RemoteManager,
  RpcClient,
  type RpcReply,
  type RpcRequest,
} from "../../src/remote/mod.ts";

const ADDRESS = parseManagerAddress("http://in:url@box:1")!;

/** A client whose requests are answered in order, and the requests. */
function scripted(...replies: RpcReply[]): { client: RpcClient; requests: RpcRequest[] } {
  const requests: RpcRequest[] = [];
  const transport = {
    send(request: RpcRequest) {
      requests.push(request);
      return Promise.resolve(replies.shift() ?? { status: 500, sessionId: null, body: "" });
    },
    close() {},
  };
  return { client: new RpcClient(ADDRESS, transport, null), requests };
}

const conflict = (sessionId: string | null) => ({ status: 409, sessionId, body: "" });
const success = (args: unknown) => ({
  status: 200,
  sessionId: null,
  body: JSON.stringify({ result: "success", arguments: args }),
});

Deno.test("the session id is asked for once and kept", async () => {
  const { client, requests } = scripted(conflict("abc"), success({ x: 1 }), success({}));
  assertEquals(await client.call("one", { a: 1 }), { x: 1 });
  await client.call("two");
  assertEquals(
    requests.map(({ headers, body }) => [headers["x-transmission-session-id"], body]),
    [
      [undefined, '{"method":"one","arguments":{"a":1}}'],
      ["abc", '{"method":"one","arguments":{"a":1}}'],
      ["abc", '{"method":"two","arguments":{}}'],
    ],
  );
  assertEquals(requests[0]?.headers["authorization"], `Basic ${btoa("in:url")}`);
});

Deno.test("a session id that changed is taken, one that changes each time is given up on", async () => {
  const { client, requests } = scripted(
    conflict("a"),
    success({}),
    conflict("b"),
    success({}),
    conflict("c"),
    conflict("d"),
  );
  await client.call("one");
  await client.call("two");
  await assertRejects(() => client.call("three"), RemoteError, "HTTP 409");
  assertEquals(requests.length, 6);
});

Deno.test("a session id that would be more than a header is refused", async () => {
  for (const id of ["", "a\r\nb: c", "ä", "x".repeat(1000)]) {
    const { client } = scripted(conflict(id));
    await assertRejects(() => client.call("one"), RemoteError, "session id that is none");
  }
});

Deno.test("an unknown method is told apart from a refusal", async () => {
  const answer = (result: string) => ({
    status: 200,
    sessionId: null,
    body: JSON.stringify({ result }),
  });
  const unknown = scripted(answer("method name not recognized")).client.call("x");
  assertEquals((await assertRejects(() => unknown, RemoteError)).fault, "unknown-method");
  const refused = scripted(answer("disk full")).client.call("x");
  const error = await assertRejects(() => refused, RemoteError);
  assertEquals([error.fault, error.message], ["refused", "The manager refuses: disk full"]);
});

Deno.test("a success without arguments is one with none", async () => {
  const { client } = scripted({ status: 200, sessionId: null, body: '{"result":"success"}' });
  assertEquals(await client.call("x"), {});
});

Deno.test("torrents come in order of their numbers", async () => {
  const name = (id: number) => ({ id, hashString: "AB".repeat(20), name: `n${id}` });
  const { client } = scripted(success({ torrents: [name(3), name(1)] }));
  const names = await new RemoteManager(client).names();
  assertEquals(names.map(({ id, hash }) => [id, hash[0]]), [[1, "a"], [3, "a"]]);
});
