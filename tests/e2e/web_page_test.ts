import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { http } from "../control/lab.ts";
import { Scene } from "./harness/scene.ts";
import type { Tm } from "./harness/tm.ts";

const ALONE = ["--rpc", "127.0.0.1:0", "--listen-port", "0", "--no-dht", "--no-lsd", "--json"];

/** A daemon that has said where it is. */
async function daemon(scene: Scene): Promise<{ readonly tm: Tm; readonly place: string }> {
  const tm = scene.start(["daemon", "-d", "data", ...ALONE]);
  return { tm, place: String((await tm.event("ready"))["place"]) };
}

Deno.test("tm daemon has its web page in itself, and reads it without a right to files", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const html = await (await fetch(`${place}/`)).text();
  const paths = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = ""]) => path);
  assertEquals(paths.length, 3);
  for (const path of paths) {
    const response = await fetch(`${place}${path}`);
    assertEquals(response.status, 200, path);
    assertStringIncludes(
      response.headers.get("content-security-policy") ?? "",
      "default-src 'none'",
    );
    assert((await response.bytes()).length > 100, path);
  }
});

Deno.test("all of the web page is less than 100 KB compressed", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const port = Number(new URL(place).port);
  const lengthOf = async (path: string) => {
    const { headers } = await http({ port }, `HEAD ${path}`, { "accept-encoding": "gzip" });
    assertEquals(headers.get("content-encoding"), "gzip");
    return Number(headers.get("content-length"));
  };
  const html = await (await fetch(`${place}/`)).text();
  const paths = [
    "/",
    ...[...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = ""]) => path),
  ];
  const lengths = await Promise.all(paths.map(lengthOf));
  assert(lengths.every((length) => length > 0), lengths.join(" "));
  const sum = lengths.reduce((a, b) => a + b, 0);
  assert(sum < 100_000, `${sum} bytes`);
});

Deno.test("clients that leave in the middle of an answer do not end tm daemon", async () => {
  await using scene = await Scene.open();
  const { tm, place } = await daemon(scene);
  const { hostname, port } = new URL(place);
  const leave = async (head: string) => {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    await connection.write(
      new TextEncoder().encode(`${head} HTTP/1.1\r\nhost: ${hostname}\r\n\r\n`),
    );
    await connection.read(new Uint8Array(4_096));
  };
  for (let visit = 0; visit < 10; visit++) await leave("GET /web/events");
  // the stream of one that stays goes on for longer than it takes to notice that the others left
  const page = await fetch(`${place}/web/events`);
  const events = page.body?.getReader();
  for (let event = 0; event < 2; event++) {
    const { value } = await events?.read() ?? {};
    assertMatch(new TextDecoder().decode(value), /^data: \{"all":/);
  }
  await events?.cancel();
  assertStringIncludes(await (await fetch(`${place}/`)).text(), "TorrentManager");
  tm.signal("SIGTERM");
  assertEquals((await tm.end()).code, 0);
});
