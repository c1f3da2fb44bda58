import { assert, assertEquals } from "@std/assert";
import { type FakeManager, HASH } from "./fake_manager.ts";
import { withServer } from "./lab.ts";

/** A client that learns the session id from a 409, as all of them do. */
class Client {
  #id = "";
  readonly statuses: number[] = [];

  constructor(readonly port: number, readonly authorization: string | null) {}

  async send(method: "GET" | "POST", body?: unknown): Promise<Response> {
    const response = await fetch(`http://127.0.0.1:${this.port}/transmission/rpc`, {
      method,
      headers: {
        ...(this.#id !== "" && { "X-Transmission-Session-Id": this.#id }),
        ...(this.authorization !== null && { authorization: this.authorization }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    this.statuses.push(response.status);
    this.#id = response.headers.get("X-Transmission-Session-Id") ?? this.#id;
    return response;
  }

  // deno-lint-ignore no-explicit-any -- compared, not used
  async call(method: string, args: Record<string, unknown> = {}): Promise<any> {
    const { result, arguments: answered } = await (await this.send("POST", {
      method,
      arguments: args,
    })).json();
    assertEquals(result, "success", method);
    return answered;
  }
}

async function withClient(use: (client: Client, manager: FakeManager) => Promise<void>) {
  const auth = { user: "u", password: "p" };
  await withServer({ auth }, async ({ port }, manager) => {
    await use(new Client(port!, `Basic ${btoa("u:p")}`), manager);
  });
}

// a GET that must be 409, the version, all torrents, then one from its start to its end
Deno.test("clients: what Sonarr and Radarr do", async () => {
  await withClient(async (client, manager) => {
    await (await client.send("GET")).text();
    assertEquals(client.statuses, [409]);
    const { version } = await client.call("session-get");
    // the dotted number decides: below 2.40 is refused
    assertEquals(/^\d+\.\d+(?= \()/.exec(version)?.[0], "3.00");
    const { torrents } = await client.call("torrent-get", {
      fields: [
        "id",
        "hashString",
        "name",
        "downloadDir",
        "totalSize",
        "leftUntilDone",
        "isFinished",
        "eta",
        "status",
        "secondsDownloading",
        "secondsSeeding",
        "errorString",
        "uploadedEver",
        "downloadedEver",
        "seedRatioLimit",
        "seedRatioMode",
        "seedIdleLimit",
        "seedIdleMode",
        "fileCount",
        "file-count",
        "labels",
      ],
    });
    assertEquals(Object.keys(torrents[0]).length, 21);
    const added = await client.call("torrent-add", {
      filename: `magnet:?xt=urn:btih:${"1".repeat(40)}`,
      "download-dir": "/srv/torrents/tv",
      paused: false,
    });
    const { hashString } = added["torrent-added"];
    await client.call("torrent-set", { ids: [hashString], seedRatioLimit: 2, seedRatioMode: 1 });
    await client.call("queue-move-top", { ids: [hashString] });
    await client.call("torrent-remove", { ids: [hashString], "delete-local-data": true });
    assertEquals(manager.asked.slice(1), [
      ["set", ["1".repeat(40)], { ratio: 2, ratioMode: "own" }],
      ["queue", ["1".repeat(40)], "top"],
      ["remove", ["1".repeat(40)], true],
    ]);
    assertEquals(client.statuses, [409, ...Array(6).fill(200)]);
  });
});

Deno.test("clients: what Home Assistant polls, and Tremotesf wants of the version", async () => {
  await withClient(async (client) => {
    await (await client.send("POST", { method: "session-stats" })).text();
    const session = await client.call("session-get");
    assert(session["rpc-version"] >= 14 && session["rpc-version-minimum"] <= 14);
    await client.call("session-stats");
    const { torrents, removed } = await client.call("torrent-get", {
      ids: "recently-active",
      fields: ["id", "hashString", "magnetLink", "metadataPercentComplete", "recheckProgress"],
      format: "table",
    });
    assertEquals(torrents[1].slice(0, 2), [1, HASH]);
    assertEquals(removed, [3]);
  });
});
