/** The torrent files that a magnet link names, on the clock of the test. */
import { assertEquals, assertLessOrEqual } from "@std/assert";
import { type Bytes, infoHash, type Millis, millis } from "../../src/base/mod.ts";
import { type Metainfo, parseMagnet } from "../../src/metainfo/mod.ts";
import { AddressPolicy } from "../../src/net/mod.ts";
import type { SessionContext } from "../../src/session/context.ts";
import { ExactSources } from "../../src/session/exact_sources.ts";
import { labTorrent } from "../loopback/lab.ts";
import { type Answer, WebServer } from "../loopback/web_server.ts";

const torrent = await labTorrent("exact", [["", 50_000]], 16_384);
const other = await labTorrent("something else", [["", 10]], 16_384);

/** Sources on a server, with nothing of a session but a clock. */
class Desk implements AsyncDisposable {
  now: Millis = millis(0);
  found: Metainfo | null = null;
  readonly web: WebServer;
  readonly sources: ExactSources;
  #settled = Promise.withResolvers<void>();

  constructor(paths: readonly string[], answer?: Answer, webseeds?: false) {
    this.web = new WebServer({ files: [{ path: "a.torrent", data: torrent.bytes }] }, answer);
    const context = {
      now: () => this.now,
      wake: () => this.#settled.resolve(),
      policy: new AddressPolicy({ resolve: () => Promise.resolve([]) }),
      options: webseeds === undefined ? {} : { webseeds },
    } as unknown as SessionContext;
    const magnet = {
      ...parseMagnet(`magnet:?xt=urn:btih:${"0".repeat(40)}`),
      infoHash: infoHash(torrent.hash),
      exactSources: paths.map((path) => this.web.url + path),
    };
    this.sources = new ExactSources(context, magnet, "typed", (found) => this.found = found);
  }

  /** Asks those whose time it is, until one of them has an outcome. */
  async round(): Promise<void> {
    this.#settled = Promise.withResolvers();
    this.sources.tick(this.now);
    await this.#settled.promise;
  }

  get states(): string[] {
    return this.sources.all.map(({ state }) =>
      state.phase === "failed" ? state.fault : state.phase
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sources.stop();
    await this.web[Symbol.asyncDispose]();
  }
}

const CHUNK = new Uint8Array(1024 * 1024);

/** What a server answers, and what comes of it. */
const LIARS: readonly (readonly [what: string, answer: Answer, cause: string])[] = [
  ["another torrent", () => new Response(other.bytes), "other-torrent"],
  ["a web page", () => new Response("<html>"), "no-torrent"],
  ["nothing", () => new Response(), "no-torrent"],
  ["the metadata without its end", () => new Response(torrent.bytes.slice(0, -9)), "no-torrent"],
  ["a torrent that was changed", () => new Response(changed(torrent.bytes)), "other-torrent"],
  ["no such file", () => new Response(null, { status: 404 }), "missing"],
  ["a door", () => new Response(null, { status: 403 }), "forbidden"],
  ["an error of its own", () => new Response(null, { status: 500 }), "trouble"],
  ["a file without an end", () => new Response(endless()), "too-large"],
  ["redirects to itself", ({ path }) => redirect(path), "redirects"],
  ["a redirect to a device", () => redirect("/reboot"), "refused"],
  ["a redirect with an order", () => redirect("/b.torrent?reboot"), "refused"],
  ["a redirect to what is no http", () => redirect("file:///etc/passwd"), "refused"],
];

for (const [what, answer, fault] of LIARS) {
  Deno.test(`an exact source that has ${what} ends as ${fault}`, async () => {
    await using desk = new Desk(["a.torrent"], answer);
    await desk.round();
    assertEquals([desk.states, desk.found], [[fault], null]);
    const asked = desk.web.requests.map(({ path }) => path);
    assertEquals(asked.filter((path) => path !== "/a.torrent"), []);
    assertLessOrEqual(asked.length, 6);
  });
}

Deno.test("a source that is busy is asked again after 10 s, 20 s …, one that has nothing never", async () => {
  let busy = 3;
  await using desk = new Desk(
    ["a.torrent"],
    () => busy-- > 0 ? new Response(null, { status: 503 }) : null,
  );
  for (const wait of [10_000, 20_000, 40_000]) {
    await desk.round();
    assertEquals(desk.states, ["busy"]);
    assertEquals(desk.sources.nextDeadline() - desk.now, wait);
    desk.now = millis(desk.now + wait - 1);
    desk.sources.tick(desk.now);
    assertEquals(desk.states, ["busy"]);
    desk.now = millis(desk.now + 1);
  }
  await desk.round();
  assertEquals(desk.found?.infoHash, infoHash(torrent.hash));
  await using empty = new Desk(["b.torrent"]);
  await empty.round();
  assertEquals([empty.states, empty.sources.nextDeadline()], [["missing"], Infinity]);
});

Deno.test("of many sources eight are asked, two at a time", async () => {
  let open = 0;
  let most = 0;
  await using desk = new Desk(
    Array.from({ length: 20 }, (_, i) => `${i}.torrent`),
    async () => {
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      return new Response(null, { status: 404 });
    },
  );
  while (desk.states.some((state) => state !== "missing")) await desk.round();
  assertEquals([desk.states.length, desk.web.requests.length], [8, 8]);
  assertLessOrEqual(most, 2);
});

Deno.test("sources are left alone when the user wants no web servers, and once they are stopped", async () => {
  await using none = new Desk(["a.torrent"], undefined, false);
  none.sources.tick(none.now);
  assertEquals([none.sources.all, none.sources.nextDeadline()], [[], Infinity]);
  await using desk = new Desk(["a.torrent", "b.torrent", "c.torrent"]);
  desk.sources.tick(desk.now);
  await desk.sources.stop();
  desk.sources.tick(desk.now);
  assertEquals([desk.found, desk.sources.nextDeadline()], [null, Infinity]);
  assertEquals(desk.states[2], "idle");
});

function changed(bytes: Bytes): Bytes {
  const copy = bytes.slice();
  // in the last hash
  copy[copy.length - 5]! ^= 1;
  return copy;
}

function endless(): ReadableStream<Bytes> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(CHUNK) });
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}
