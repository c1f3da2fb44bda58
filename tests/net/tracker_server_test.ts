import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Bytes,
  infoHash,
  peerId,
  randomBytes,
  SeededRandom,
  toHex,
  TrackerError,
} from "../../src/base/mod.ts";
import { asBytes, asDictionary, asList, decode } from "../../src/bencode/mod.ts";
import type { AnnounceRequest } from "../../src/tracker/mod.ts";
import { AddressPolicy, TrackerClient, TrackerServer } from "../../src/net/mod.ts";
import { announceUrl } from "../../src/tracker/mod.ts";

const random = new SeededRandom(1);
const client = new TrackerClient(new AddressPolicy({ resolve: () => Promise.resolve([]) }));
/** Bytes that every wrong way of percent-encoding gets wrong. */
const hash = infoHash(
  new Uint8Array([0, 255, 37, 43, 32, 38, 61, 35, 63, 47, 92, 128, 195, 40, 10, 13, 9, 127, 64, 1]),
);

function request(port: number, changes: Partial<AnnounceRequest> = {}): AnnounceRequest {
  return {
    infoHash: hash,
    peerId: peerId(randomBytes(20, random)),
    port,
    uploaded: 0,
    downloaded: 0,
    left: 100,
    event: "started",
    numwant: 50,
    key: 0xff,
    trackerId: null,
    ...changes,
  };
}

async function withServer(
  hostname: string,
  body: (server: TrackerServer) => Promise<void>,
  limits = {},
): Promise<void> {
  const server = new TrackerServer({ hostname, port: 0, interval: 120, limits });
  try {
    await body(server);
  } finally {
    await server.shutdown();
  }
}

for (
  const [hostname, host] of [["127.0.0.1", "127.0.0.1"], ["::1", "::1"], ["::", "::1"]] as const
) {
  Deno.test(`peers find one another through a tracker on ${hostname}`, async () => {
    await withServer(hostname, async (server) => {
      const url = server.announceUrl;
      const first = await client.announce(url, request(1001));
      assertEquals(first.peers, []);
      assertEquals([first.interval, first.minInterval, first.localTracker], [120, 60, true]);
      const second = await client.announce(url, request(1002, { left: 0 }));
      assertEquals(second.peers, [{ host, port: 1001 }]);
      assertEquals([second.seeders, second.leechers, second.downloads], [1, 1, 0]);
      assertEquals(server.counts, { torrents: 1, peers: 2 });
    });
  });
}

Deno.test("a tracker on :: tells IPv4 and IPv6 peers of each other", async () => {
  await withServer("::", async (server) => {
    await client.announce(`http://127.0.0.1:${server.port}/announce`, request(1001));
    const reply = await client.announce(`http://[::1]:${server.port}/announce`, request(1002));
    assertEquals(reply.peers, [{ host: "127.0.0.1", port: 1001 }]);
    const back = await client.announce(`http://127.0.0.1:${server.port}/announce`, request(1003));
    assertEquals(back.peers.length, 2);
    assert(back.peers.some(({ host, port }) => host === "::1" && port === 1002));
  });
});

Deno.test("completed is counted, stopped forgets, and a scrape tells", async () => {
  await withServer("127.0.0.1", async (server) => {
    const peer = request(1001);
    const say = (changes: Partial<AnnounceRequest>) =>
      client.announce(server.announceUrl, { ...peer, ...changes });
    await say({});
    await say({ event: "completed", left: 0 });
    await say({ event: "completed", left: 0 });
    const other = infoHash(randomBytes(20, random));
    const counts = await client.scrape(server.announceUrl, [hash, other]);
    assertEquals(counts.get(toHex(hash)), { seeders: 1, leechers: 0, downloads: 1 });
    assertEquals(counts.get(toHex(other)), { seeders: 0, leechers: 0, downloads: 0 });
    await say({ event: "stopped", left: 0 });
    assertEquals(server.counts, { torrents: 0, peers: 0 });
  });
});

Deno.test("the address is the connection's, whatever the query claims", async () => {
  await withServer("127.0.0.1", async (server) => {
    await client.announce(`${server.announceUrl}?ip=203.0.113.5&ipv6=2001:db8::1`, request(1001));
    const reply = await client.announce(server.announceUrl, request(1002));
    assertEquals(reply.peers, [{ host: "127.0.0.1", port: 1001 }]);
  });
});

Deno.test("the long form lists peers as dictionaries, with ids unless they are unwanted", async () => {
  await withServer("127.0.0.1", async (server) => {
    const peer = request(1001);
    await client.announce(server.announceUrl, peer);
    const base = announceUrl(server.announceUrl, request(1002)).replace("compact=1", "compact=0");
    const first = async (url: string) => {
      const body: Bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
      return asDictionary(asList(asDictionary(decode(body))!.get("peers"))![0]);
    };
    assertEquals((await first(base))!.has("peer id"), false);
    const withId = await first(base.replace("no_peer_id=1", "no_peer_id=0"));
    assertEquals(asBytes(withId!.get("peer id")), peer.peerId);
  });
});

Deno.test("a full tracker refuses new torrents and goes on serving the others", async () => {
  await withServer("127.0.0.1", async (server) => {
    await client.announce(server.announceUrl, request(1001));
    const other = request(1002, { infoHash: infoHash(randomBytes(20, random)) });
    await assertRejects(
      () => client.announce(server.announceUrl, other),
      TrackerError,
      "The tracker refused: This tracker is full",
    );
    assertEquals((await client.announce(server.announceUrl, request(1003))).peers.length, 1);
  }, { maxTorrents: 1 });
});

Deno.test("bad requests get a failure reason, other paths and methods a status", async () => {
  await withServer("127.0.0.1", async (server) => {
    const root = `http://127.0.0.1:${server.port}`;
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(root + path, init);
      return [response.status, await response.text()] as const;
    };
    assertEquals(await ask("/announce"), [
      200,
      "d14:failure reason28:Expected info_hash, got nonee",
    ]);
    const [status, body] = await ask(`/announce?info_hash=${"a".repeat(9_000)}`);
    assertEquals(status, 200);
    assert(body.includes("Expected a query of at most 8192 bytes"), body);
    assertEquals((await ask("/scrape"))[1].includes("failure reason"), true);
    assertEquals((await ask("/nothing"))[0], 404);
    assertEquals((await ask("/announce", { method: "POST", body: "x" }))[0], 405);
    assertEquals(await ask("/"), [200, "TorrentManager tracker\nTorrents: 0\nPeers: 0\n"]);
  });
});

Deno.test("an IPv6 host without brackets, as libtorrent writes it, is answered", async () => {
  await withServer("::1", async (server) => {
    const { port } = new URL(server.announceUrl);
    const connection = await Deno.connect({ hostname: "::1", port: Number(port) });
    const head = `GET / HTTP/1.1\r\nHost: ::1:${port}\r\nConnection: close\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const answer = await new Response(connection.readable).text();
    assertEquals(answer.split("\r\n")[0], "HTTP/1.1 200 OK");
  });
});

Deno.test("a busy port is an error at once", async () => {
  await withServer("127.0.0.1", (server) => {
    try {
      new TrackerServer({ hostname: "127.0.0.1", port: server.port });
    } catch (error) {
      assert(error instanceof Deno.errors.AddrInUse);
      return Promise.resolve();
    }
    throw new Error("listened twice on one port");
  });
});

Deno.test("a half-sent request does not keep the tracker from shutting down", async () => {
  const server = new TrackerServer({ hostname: "127.0.0.1", port: 0 });
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await conn.write(new TextEncoder().encode("GET /announce HTTP/1.1\r\nHost: x\r\n"));
  await server.shutdown();
  const count = await conn.read(new Uint8Array(1)).catch(() => null);
  assertEquals(count, null);
  conn.close();
});

Deno.test("a tracker of one torrent names its seed, in both forms, and knows no other torrent", async () => {
  await withServer("127.0.0.1", async (server) => {
    const seed = { host: "127.0.0.1", port: 4711 };
    server.hold(hash, [seed]);
    assertEquals((await client.announce(server.announceUrl, request(1001))).peers, [seed]);
    const url = announceUrl(server.announceUrl, request(1001)).replace("compact=1", "compact=0");
    const answer = asDictionary(decode(new Uint8Array(await (await fetch(url)).arrayBuffer())));
    const peers = asList(answer?.get("peers"))!.map((peer) => [...asDictionary(peer)!.keys()]);
    assertEquals(peers, [["ip", "port"]]);
    const other = request(1002, { infoHash: infoHash(new Uint8Array(20)) });
    await assertRejects(() => client.announce(server.announceUrl, other), TrackerError, "full");
  }, { maxTorrents: 0 });
});
