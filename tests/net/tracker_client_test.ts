import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Endpoint,
  infoHash,
  peerId,
  randomBytes,
  SeededRandom,
  toCompact,
  TrackerError,
} from "../../src/base/mod.ts";
import { encode } from "../../src/bencode/mod.ts";
import { type AnnounceRequest, MAX_PEERS } from "../../src/tracker/mod.ts";
import { AddressPolicy, type Route, TrackerClient } from "../../src/net/mod.ts";
import { answer, type Behaviour, RawServer, send } from "./raw_server.ts";

const random = new SeededRandom(7);
const request: AnnounceRequest = {
  infoHash: infoHash(randomBytes(20, random)),
  peerId: peerId(randomBytes(20, random)),
  port: 6881,
  uploaded: 1,
  downloaded: 2,
  left: 3,
  event: "started",
  numwant: 50,
  key: 1,
  trackerId: null,
};
const policy = new AddressPolicy({ resolve: () => Promise.resolve([]) });

/** Announces to a tracker that behaves so; the error's message. */
async function complaint(behaviour: Behaviour, timeout = 10_000): Promise<string> {
  await using server = new RawServer(behaviour);
  const client = new TrackerClient(policy, null, timeout);
  return (await assertRejects(() => client.announce(server.url, request), TrackerError)).message;
}

async function announce(behaviour: Behaviour) {
  await using server = new RawServer(behaviour);
  return await new TrackerClient(policy).announce(server.url, request);
}

const page = "<!DOCTYPE html>\n<html><body>It works!</body></html>";

Deno.test("a web page is called a web page", async () => {
  const message = "The tracker answered with a web page, not with a reply";
  assertEquals(await complaint(answer(page, "Content-Type: text/html\r\n")), message);
});

Deno.test("a failing status is named, unless a failure reason says more", async () => {
  assertEquals(
    await complaint(answer(page, "", "503 Busy")),
    "The tracker answered with HTTP status 503",
  );
  const refusal = encode({ "failure reason": "unregistered torrent" });
  assertEquals(
    await complaint(answer(refusal, "", "400 Bad Request")),
    "The tracker refused: unregistered torrent",
  );
});

Deno.test("an endless answer ends at two mebibytes", async () => {
  const chunk = new Uint8Array(65_536).fill(0x31);
  let sent = 0;
  const message = await complaint(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\n\r\nd8:intervali");
    for (;; sent += chunk.length) await send(conn, chunk);
  });
  assertEquals(message, "Expected at most 2097152 bytes, got more");
  // what was under way in the sockets' buffers, no more
  assert(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
});

Deno.test("a redirect loop, a drip, endless headers and a broken length are errors in words", async () => {
  const loop = await complaint(answer("", "Location: /announce\r\n", "302 Found"));
  assert(loop.startsWith("More than 5 redirects"), loop);
  const drip = await complaint(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\n\r\n");
    for (;;) {
      await send(conn, "d");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, 200);
  assertEquals(drip, "No complete answer within 0.2 s");
  const headers = await complaint(async (conn) => {
    await send(conn, "HTTP/1.1 200 OK\r\n");
    for (;;) await send(conn, `X: ${"y".repeat(8_000)}\r\n`);
  });
  assert(headers.startsWith("The answer is not valid HTTP"), headers);
  const short = await complaint((conn) =>
    send(conn, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nd8:interval")
  );
  assert(short.startsWith("Connection closed too early"), short);
});

Deno.test("a million peers are taken for two thousand, in the short form and in the long", async () => {
  const one = toCompact({ host: "198.51.100.1", port: 6881 });
  // 2 MiB hold 349,000 peers; a million is refused by size
  const many = new Uint8Array(300_000 * 6);
  for (let at = 0; at < many.length; at += 6) many.set(one, at);
  assertEquals(
    (await announce(answer(encode({ interval: 60, peers: many })))).peers.length,
    MAX_PEERS,
  );
  const million = encode({ interval: 60, peers: new Uint8Array(6_000_000).fill(1) });
  assertEquals(await complaint(answer(million)), "Expected at most 2097152 bytes, got more");
  const long = new Array(30_000).fill({ ip: "198.51.100.1", port: 6881 });
  assertEquals(
    (await announce(answer(encode({ interval: 60, peers: long })))).peers.length,
    MAX_PEERS,
  );
});

Deno.test("a compressed answer is read", async () => {
  const body = new Blob([encode({ interval: 77, peers: "" })]).stream();
  const zipped = new Uint8Array(
    await new Response(body.pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );
  assertEquals((await announce(answer(zipped, "Content-Encoding: gzip\r\n"))).interval, 77);
});

Deno.test("a tracker at a local address with another path is not connected to", async () => {
  await using server = new RawServer(answer(encode({ interval: 60, peers: "" })));
  const client = new TrackerClient(policy);
  const url = server.url.replace("/announce", "/transmission/rpc");
  const error = await assertRejects(() => client.announce(url, request), TrackerError);
  assert(error.message.includes("only the path /announce is asked"), error.message);
  assertEquals(server.requests, []);
});

/** Judges as usual, except that one name stands for a public tracker (on this machine, under test). */
class PublicName extends AddressPolicy {
  override tracker(url: URL, from: Route | null, signal: AbortSignal): Promise<Route> {
    if (url.hostname !== "public.example") return super.tracker(url, from, signal);
    return Promise.resolve({ reach: "public", addresses: ["127.0.0.1"], local: false });
  }
}

Deno.test("a public tracker's private peers and its redirect home are not believed", async () => {
  const client = new TrackerClient(new PublicName({ resolve: () => Promise.resolve([]) }));
  await using victim = new RawServer(answer(encode({ interval: 60, peers: "" })));
  await using server = new RawServer((conn, head) =>
    head.startsWith("GET /away")
      ? answer("", `Location: ${victim.url}\r\n`, "307 Go")(conn, head)
      : answer(encode({ interval: 60, peers: [{ ip: "192.168.1.1", port: 22 }] }))(conn, head)
  );
  const base = `http://public.example:${server.port}`;
  const reply = await client.announce(`${base}/announce`, request);
  assertEquals(reply.localTracker, false);
  const source = reply.localTracker ? "local-tracker" : "stranger";
  assertEquals(reply.peers.filter((peer: Endpoint) => policy.peer(peer, source)), []);
  const error = await assertRejects(() => client.announce(`${base}/away`, request), TrackerError);
  assert(error.message.startsWith("Refused a redirect"), error.message);
  assertEquals(victim.requests, []);
});

Deno.test("an aborted announce rejects with the signal's reason", async () => {
  const controller = new AbortController();
  await using server = new RawServer(async (conn) => {
    controller.abort(new Error("leaving"));
    await conn.read(new Uint8Array(1));
  });
  const announced = new TrackerClient(policy).announce(
    server.url,
    request,
    { signal: controller.signal },
  );
  await assertRejects(() => announced, Error, "leaving");
});

Deno.test("a URL that has no scrape form is said to have none", async () => {
  const scrape = () =>
    new TrackerClient(policy).scrape("http://127.0.0.1/tracker", [request.infoHash]);
  await assertRejects(scrape, TrackerError, "The tracker cannot be scraped");
});

Deno.test("the error says whose fault it is, for advice to be built on", async () => {
  const faultOf = async (url: string, timeout = 10_000) => {
    const client = new TrackerClient(policy, null, timeout);
    return (await assertRejects(() => client.announce(url, request), TrackerError)).fault;
  };
  const faultOfAnswer = async (behaviour: Behaviour, timeout?: number) => {
    await using server = new RawServer(behaviour);
    return await faultOf(server.url, timeout);
  };
  const refusal = encode({ "failure reason": "unregistered torrent" });
  assertEquals(await faultOfAnswer(answer(refusal)), "refuses");
  assertEquals(await faultOfAnswer(answer(page)), "answers-badly");
  assertEquals(await faultOfAnswer(answer("", "", "503 Busy")), "answers-badly");
  const silent: Behaviour = async (conn) => void await conn.read(new Uint8Array(1));
  assertEquals(await faultOfAnswer(silent, 50), "silent");
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  gone.close();
  assertEquals(await faultOf(`http://127.0.0.1:${gone.addr.port}/announce`), "unreachable");
  assertEquals(await faultOf("http://127.0.0.1:1/admin"), "forbidden");
  // the policy of these tests finds no name
  assertEquals(await faultOf("http://tracker.invalid/elsewhere"), "unknown-host");
});
