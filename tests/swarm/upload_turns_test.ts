import { assertEquals } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { UploadTurns } from "../../src/swarm/mod.ts";

Deno.test("a torrent that is over is served no more, and its swarm not remembered", () => {
  const turns = new UploadTurns(0, millis(0), () => {});
  const uploads = turns.torrent(0, millis(0));
  let served = 0;
  uploads.serveHeld = () => served++;
  uploads.serve(millis(1));
  uploads.leave();
  uploads.serve(millis(2));
  assertEquals(served, 1);
});
