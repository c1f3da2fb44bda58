import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { concat } from "../../src/base/mod.ts";
import { type PartReader, type Route, WebseedClient } from "../../src/net/mod.ts";
import { AddressRefused } from "../../src/net/mod.ts";
import { WebseedError } from "../../src/swarm/mod.ts";
import { collectGarbage } from "./garbage.ts";
import { answer, type Behaviour, RawServer, send } from "./raw_server.ts";

const ROUTE: Route = { reach: "local", addresses: ["127.0.0.1"], local: true };
const TIMES = { answer: 400, stall: 400 };
const BODY = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const PART = { from: 100, to: 900, size: 1000 };

/** Takes everything. */
class Sink implements PartReader {
  readonly chunks: Uint8Array<ArrayBuffer>[] = [];
  skippedBytes = 0;
  turns: number[] = [];
  enough = Infinity;

  get bytes() {
    return concat(...this.chunks);
  }
  turn(): number | Promise<number> {
    return this.turns.shift() ?? Infinity;
  }
  read(): void {}
  skipped(count: number): void {
    this.skippedBytes += count;
  }
  take(bytes: Uint8Array<ArrayBuffer>): boolean {
    this.chunks.push(bytes.slice());
    return this.bytes.length < this.enough;
  }
}

async function read(
  behaviour: Behaviour,
  { whole = false, sink = new Sink(), times = TIMES }: {
    whole?: boolean;
    sink?: Sink;
    times?: typeof TIMES;
  } = {},
) {
  await using server = new RawServer(behaviour);
  const client = new WebseedClient(() => Promise.resolve(ROUTE), times);
  try {
    const signal = new AbortController().signal;
    await client.read(`http://127.0.0.1:${server.port}/f`, PART, whole, sink, signal);
  } finally {
    client.close();
  }
  return { sink, requests: server.requests };
}

/** Says nothing until the client has gone. */
const silence: Behaviour = async (conn) => {
  await conn.read(new Uint8Array(1));
};

async function faultOf(...args: Parameters<typeof read>) {
  return (await assertRejects(() => read(...args), WebseedError)).fault;
}

function part(from: number, to: number, headers = ""): Behaviour {
  const range = `Content-Range: bytes ${from}-${to - 1}/1000\r\n${headers}`;
  return answer(BODY.subarray(from, to), range, "206 Partial Content");
}

Deno.test("a part is asked for as it is, uncompressed, and read to its end", async () => {
  const { sink, requests } = await read(part(100, 900));
  assertEquals(sink.bytes, BODY.subarray(100, 900));
  assertStringIncludes(requests[0]!.toLowerCase(), "range: bytes=100-899");
  assertStringIncludes(requests[0]!.toLowerCase(), "accept-encoding: identity");
});

Deno.test("less than asked for is taken, and no byte more than a turn allows is read", async () => {
  const sink = new Sink();
  sink.turns = [1, 7, 50];
  await read(part(100, 400), { sink });
  assertEquals(sink.bytes, BODY.subarray(100, 400));
  assertEquals(sink.chunks.slice(0, 3).map(({ length }) => length), [1, 7, 50]);
});

Deno.test("of a whole file what lies before the part is passed over", async () => {
  const { sink, requests } = await read(answer(BODY), { whole: true });
  assertEquals([sink.bytes, sink.skippedBytes], [BODY.subarray(100, 900), 100]);
  assertEquals(requests[0]!.toLowerCase().includes("range:"), false);
});

Deno.test("a reader that has enough ends the request", async () => {
  const sink = new Sink();
  sink.enough = 10;
  sink.turns = [10];
  await read(part(100, 900), { sink });
  assertEquals(sink.bytes.length, 10);
});

Deno.test("faults of a server are told apart", async () => {
  const head = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 100-899/1000\r\n";
  const cases: [string, Behaviour][] = [
    ["missing", answer("", "", "404 Not Found")],
    ["busy", answer("", "Retry-After: 3\r\n", "503 Service Unavailable")],
    ["no-ranges", answer(BODY)],
    ["wrong-size", answer("x")],
    ["answers-badly", part(0, 800)],
    ["unreachable", async (conn) => await send(conn, "\x01\x02\x03 nonsense\r\n\r\n")],
    // announces 800 bytes and sends ten
    ["cut-short", async (conn) => {
      await send(conn, `${head}Content-Length: 800\r\n\r\n`);
      await send(conn, BODY.subarray(100, 110));
    }],
    // sends more than the range in chunks
    ["answers-badly", async (conn) => {
      await send(conn, `${head}Transfer-Encoding: chunked\r\n\r\n384\r\n`);
      await send(conn, concat(BODY.slice(0, 900), new Uint8Array([13, 10, 48, 13, 10, 13, 10])));
    }],
  ];
  for (const [expected, behaviour] of cases) {
    const { fault, message } = await assertRejects(() => read(behaviour), WebseedError);
    const allowed = expected === "cut-short" ? ["cut-short", "unreachable"] : [expected];
    assertEquals(allowed.includes(fault), true, `${expected}: ${fault}, ${message}`);
  }
});

Deno.test("silence and a trickle end, a wait for our own turn does not", async () => {
  assertEquals(await faultOf(silence), "silent");
  const trickle: Behaviour = async (conn) => {
    await send(
      conn,
      "HTTP/1.1 206 P\r\nContent-Range: bytes 100-899/1000\r\nContent-Length: 800\r\n\r\n",
    );
    for (let at = 100; at < 900; at++) {
      await send(conn, BODY.subarray(at, at + 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  assertEquals(await faultOf(trickle), "silent");
  const sink = new Sink();
  let waited = false;
  sink.turn = () => {
    if (waited) return Infinity;
    waited = true;
    return new Promise((resolve) => setTimeout(() => resolve(100), 3 * TIMES.stall));
  };
  assertEquals((await read(part(100, 900), { sink })).sink.bytes.length, 800);
});

Deno.test("a server that falls silent amid its answer is left when we want, however long that takes", async () => {
  const abort = new AbortController();
  await using server = new RawServer(async (conn) => {
    await send(
      conn,
      "HTTP/1.1 206 P\r\nContent-Range: bytes 100-899/1000\r\nContent-Length: 800\r\n\r\nhalf",
    );
    await conn.read(new Uint8Array(1));
  });
  const hour = 3_600_000;
  const client = new WebseedClient(() => Promise.resolve(ROUTE), { answer: hour, stall: hour });
  const reading = client.read(server.url, PART, false, new Sink(), abort.signal);
  const left = assertRejects(() => reading, Error, "enough");
  await collectGarbage();
  abort.abort(new Error("enough"));
  await left;
  client.close();
});

Deno.test("redirects are judged hop by hop, followed so far, and remembered", async () => {
  await using target = new RawServer(part(100, 900));
  const there = `http://127.0.0.1:${target.port}/there`;
  await using server = new RawServer((conn) =>
    send(conn, `HTTP/1.1 302 Found\r\nLocation: ${there}\r\nContent-Length: 0\r\n\r\n`)
  );
  const judged: string[] = [];
  const client = new WebseedClient((url) => {
    judged.push(url.pathname);
    return Promise.resolve(ROUTE);
  }, TIMES);
  const signal = new AbortController().signal;
  for (let time = 0; time < 2; time++) {
    const sink = new Sink();
    await client.read(`http://127.0.0.1:${server.port}/here`, PART, false, sink, signal);
    assertEquals(sink.bytes.length, 800);
  }
  client.close();
  assertEquals(judged, ["/here", "/there"]);
  assertEquals([server.requests.length, target.requests.length], [1, 2]);
});

Deno.test("a redirect without end, and one that the policy refuses, end it", async () => {
  await using server = new RawServer((conn) =>
    send(conn, "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
  );
  const url = `http://127.0.0.1:${server.port}/`;
  const signal = new AbortController().signal;
  for (const [fault, allowed] of [["redirects", Infinity], ["refused", 1]] as const) {
    let hops = 0;
    const client = new WebseedClient(() => {
      if (++hops > allowed) return Promise.reject(new AddressRefused("No", "local"));
      return Promise.resolve(ROUTE);
    }, TIMES);
    const error = await assertRejects(
      () => client.read(url, PART, false, new Sink(), signal),
      WebseedError,
    );
    client.close();
    assertEquals(error.fault, fault);
  }
});

Deno.test("an abort ends a read with its reason", async () => {
  await using server = new RawServer(silence);
  const client = new WebseedClient(() => Promise.resolve(ROUTE), TIMES);
  const abort = new AbortController();
  const reading = client.read(
    `http://127.0.0.1:${server.port}/`,
    PART,
    false,
    new Sink(),
    abort.signal,
  );
  abort.abort(new Error("Enough"));
  await assertRejects(() => reading, Error, "Enough");
  client.close();
});
