import { assertEquals } from "@std/assert";
import { faults, SESSION, type Shape, STATS, TORRENT } from "./shapes.ts";
import { snake } from "../../src/control/rpc/names.ts";
import { FakeManager } from "./fake_manager.ts";
import { call } from "./lab.ts";

/** A shape with its names as 4.1 has them. */
function snakeShape(shape: Shape): Shape {
  if (typeof shape === "string") return shape;
  if (Array.isArray(shape)) return [snakeShape(shape[0])];
  return Object.fromEntries(
    Object.entries(shape).map(([name, inner]) => [snake(name), snakeShape(inner)]),
  );
}

async function ask(request: unknown, manager = new FakeManager()) {
  return await call(manager, request);
}

function request(method: string, params?: unknown, id: unknown = 1) {
  return { jsonrpc: "2.0", method, ...(params !== undefined && { params }), id };
}

Deno.test("json-rpc: every field of 3.00 under its name of 4.1", async () => {
  const params = { fields: Object.keys(TORRENT).map(snake), ids: [1] };
  const got = await ask(request("torrent_get", params)) as { result: { torrents: unknown[] } };
  assertEquals(faults(got.result.torrents[0], snakeShape(TORRENT)), []);
  const fields = Object.keys(SESSION).map(snake);
  const session = await ask(request("session_get", { fields })) as { result: unknown };
  assertEquals(faults(session.result, snakeShape(SESSION)), []);
  const stats = await ask(request("session_stats")) as { result: unknown };
  assertEquals(faults(stats.result, snakeShape(STATS)), []);
});

Deno.test("json-rpc: it is version 4.1 that it speaks for", async () => {
  const fields = ["version", "rpc_version", "rpc_version_semver", "rpc_version_minimum"];
  assertEquals(await ask(request("session_get", { fields })), {
    jsonrpc: "2.0",
    result: {
      version: "4.1.0 (TorrentManager 1.2.3)",
      rpc_version: 18,
      rpc_version_semver: "6.0.0",
      rpc_version_minimum: 14,
    },
    id: 1,
  });
});

Deno.test("json-rpc: arguments, tables and answers in snake_case", async () => {
  const manager = new FakeManager();
  await ask(
    request("torrent_set", { ids: [1], seed_ratio_limit: 3, files_unwanted: [0] }),
    manager,
  );
  await ask(request("session_set", { speed_limit_down: 5, alt_speed_enabled: false }), manager);
  await ask(request("torrent_stop", { ids: "recently_active" }), manager);
  assertEquals(manager.asked, [
    ["set", [1], { ratio: 3 }],
    ["set", [1], { filePriorities: [{ files: [0], priority: "off" }] }],
    ["setSession", { altEnabled: false, downloadLimit: 5_000 }],
    ["stop", [1]],
  ]);
  const table = await ask(
    request("torrent_get", { fields: ["id", "hash_string"], format: "table", ids: 2 }),
  );
  assertEquals(table, {
    jsonrpc: "2.0",
    result: { torrents: [["id", "hash_string"], [2, "2".padStart(40, "0")]] },
    id: 1,
  });
  const metainfo = btoa("d4:infode");
  assertEquals(await ask(request("torrent_add", { metainfo }, "a")), {
    jsonrpc: "2.0",
    result: {
      torrent_duplicate: {
        hash_string: "a619b9b25eaf8007910b76ddf5da39764ef7718e",
        id: 1,
        name: "beta",
      },
    },
    id: "a",
  });
});

Deno.test("json-rpc: ids are echoed, other types of them refused", async () => {
  for (const id of [12_345, 0.5, "12345", null, ""]) {
    assertEquals((await ask(request("torrent_stop", {}, id)) as { id: unknown }).id, id);
  }
  for (const id of [{}, [], true]) {
    assertEquals(await ask(request("torrent_stop", {}, id)), {
      jsonrpc: "2.0",
      error: {
        code: -32600,
        message: "Invalid Request",
        data: { error_string: "id type must be String, Number, or Null" },
      },
      id: null,
    });
  }
});

Deno.test("json-rpc: errors have the codes of 4.1", async () => {
  const manager = new FakeManager();
  const cases: [unknown, number, string][] = [
    [request("nope"), -32601, "Method not found"],
    [request("torrent_get"), -32602, "Invalid params"],
    [request("torrent_get", [1]), -32602, "Invalid params"],
    [request("torrent_set", { ids: 1, files_wanted: [99] }), 6, "file index out of range"],
    [request("torrent_add", { filename: "magnet:?x" }), 9, "invalid or corrupt torrent file"],
    [request("torrent_set", { tracker_list: "ftp://x" }), 2, "Invalid tracker list"],
    [{ jsonrpc: "2.0", id: 1 }, -32600, "Invalid Request"],
  ];
  for (const [asked, code, message] of cases) {
    const { error, id } = await ask(asked, manager) as {
      error: { code: number; message: string };
      id: unknown;
    };
    assertEquals([error.code, error.message, id], [code, message, 1]);
  }
  const version = await ask({ jsonrpc: "1.0", method: "torrent_stop", id: 4 }, manager);
  assertEquals((version as { id: unknown }).id, null);
  assertEquals(await ask('{"jsonrpc":"2.0",'), {
    jsonrpc: "2.0",
    error: {
      code: -32700,
      message: "Parse error",
      data: { error_string: "Parse error: Expected JSON" },
    },
    id: null,
  });
  assertEquals(manager.asked, []);
});

Deno.test("json-rpc: what has no id is done and not answered, right or wrong", async () => {
  const manager = new FakeManager();
  assertEquals(await ask({ jsonrpc: "2.0", method: "torrent_stop" }, manager), null);
  assertEquals(await ask({ jsonrpc: "2.0", method: "nope" }, manager), null);
  assertEquals(manager.asked, [["stop", null]]);
});

Deno.test("json-rpc: a batch is done in order, and has an answer for each that wants one", async () => {
  const manager = new FakeManager();
  const answered = await ask([
    request("torrent_start", { ids: 1 }, 1),
    { jsonrpc: "2.0", method: "torrent_stop", params: { ids: 1 } },
    5,
    { method: "session-stats", tag: 1 },
    request("nope", {}, 2),
  ], manager) as { id: unknown; error?: { code: number } }[];
  assertEquals(answered.map(({ id, error }) => [id, error?.code]), [
    [1, undefined],
    [null, -32600],
    [null, -32600],
    [2, -32601],
  ]);
  assertEquals(manager.asked, [["start", [1], false], ["stop", [1]]]);
  assertEquals(await ask([{ jsonrpc: "2.0", method: "torrent_stop" }]), null);
  for (const batch of [[], Array(101).fill(request("torrent_stop"))]) {
    const { error } = await ask(batch, manager) as { error: { code: number } };
    assertEquals(error.code, -32600);
  }
  assertEquals(manager.asked.length, 2);
});
