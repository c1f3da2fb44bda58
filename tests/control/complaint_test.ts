import { assertEquals } from "@std/assert";
import { MetainfoError, StorageError, UsageError } from "../../src/base/mod.ts";
import { FakeManager } from "./fake_manager.ts";
import { call } from "./lab.ts";
import { TorrentFileError } from "../../src/net/mod.ts";

type Answer = { readonly arguments: unknown; readonly result: string };

async function complaint(
  method: string,
  args: Record<string, unknown>,
  manager = new FakeManager(),
): Promise<unknown> {
  const { arguments: told } = await call(manager, { method, arguments: args }) as Answer;
  return (told as { complaint?: unknown }).complaint;
}

Deno.test("rpc: what is wrong is told as a code with the values of its sentence, too", async () => {
  assertEquals(await complaint("torrent-add", { filename: "ftp://x/y" }), {
    code: "unknown-link",
    values: {},
  });
  assertEquals(await complaint("torrent-add", { filename: "magnet:?dn=x" }), {
    code: "bad-link",
    values: {},
  });
  assertEquals(await complaint("torrent-set", { ids: 1, "peer-limit": 0 }), {
    code: "out-of-range",
    values: { least: 1, most: 10_000 },
  });
  assertEquals(await complaint("torrent-set", { ids: 1, labels: ["a,b"] }), {
    code: "label-comma",
    values: {},
  });
  assertEquals(await complaint("torrent-set-location", { ids: 1, location: "/etc" }), {
    code: "outside-folder",
    values: { path: "/etc" },
  });
  assertEquals(await complaint("torrent-set", { ids: 1, trackerList: "ftp://x" }), {
    code: "tracker-url",
    values: { name: "ftp://x" },
  });
  // nobody does that by hand
  assertEquals(await complaint("nope", {}), undefined);
});

Deno.test("rpc: what the manager refuses is told as the code it has there", async () => {
  const manager = new FakeManager();
  const taken = { code: "file-taken", values: { path: "a/b" } };
  for (
    const [error, expected] of [
      [new UsageError("There is a file named a/b already", taken), taken],
      [new UsageError("Something else"), undefined],
      [new StorageError("permission", "/d/a", "No permission: /d/a"), {
        code: "storage-permission",
        values: { path: "/d/a" },
      }],
      [new MetainfoError("info", "Expected pieces"), { code: "bad-torrent", values: {} }],
    ] as const
  ) {
    manager.failure = error;
    assertEquals(await complaint("torrent-stop", { ids: 1 }, manager), expected, error.message);
  }
});

Deno.test("json-rpc: the code is beside the text", async () => {
  const answer = await call(new FakeManager(), {
    jsonrpc: "2.0",
    id: 1,
    method: "torrent_set_location",
    params: { ids: 1, location: ".." },
  }) as { error: { data: Record<string, unknown> } };
  assertEquals(answer.error.data["complaint"], {
    code: "outside-folder",
    values: { path: ".." },
  });
});

Deno.test("rpc: a torrent that cannot be fetched says why as a code", async () => {
  const fails = (error: Error) =>
    call(
      new FakeManager(),
      { method: "torrent-add", arguments: { filename: "http://x/y" } },
      { fetchTorrent: () => Promise.reject(error) },
    );
  const told = async (error: Error) => {
    const { arguments: { complaint } } = await fails(error) as {
      arguments: { complaint: { code: string } };
    };
    return complaint.code;
  };
  assertEquals(await told(new TorrentFileError("busy", "Expected status 200")), "fetch-busy");
  assertEquals(await told(new Deno.errors.NotFound("no")), "fetch-missing");
  assertEquals(await told(new Deno.errors.TimedOut("no")), "fetch-silent");
  assertEquals(await told(new Error("no")), "fetch-unreachable");
});
