import { assertEquals } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { Handshakes } from "../../src/session/handshakes.ts";
import { Talk } from "../wire/talk.ts";

Deno.test("a handshake that takes too long is ended, one that is over is not", () => {
  const handshakes = new Handshakes();
  const [slow, done] = [new Talk(null).connection, new Talk().connection];
  const late = [slow, done].map((it) => handshakes.watch(it, 5_000, millis(1_000)));
  handshakes.tick(millis(5_999));
  assertEquals([slow.phase, done.phase], ["handshake", "open"]);
  handshakes.tick(millis(6_000));
  assertEquals([slow.phase, done.phase], ["closed", "open"]);
  assertEquals(slow.closeReason, "No handshake in time");
  assertEquals(late.map((it) => it.late), [true, false]);
});

Deno.test("while we do not read from it, a handshake is not late", () => {
  const handshakes = new Handshakes();
  const { connection } = new Talk(null);
  handshakes.watch(connection, 5_000, millis(0));
  connection.hold();
  handshakes.tick(millis(60_000));
  assertEquals(connection.phase, "handshake");
  connection.release(millis(60_000));
  handshakes.tick(millis(61_000));
  assertEquals(connection.phase, "closed");
});
