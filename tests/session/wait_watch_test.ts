import { assertEquals } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { StallWatch } from "../../src/session/stall_watch.ts";
import { WaitWatch } from "../../src/session/wait_watch.ts";

const at = (seconds: number) => millis(seconds * 1000);

Deno.test("a wait is looked at after its patience, and then again after as long", () => {
  const watch = new WaitWatch(10, at(0));
  const looks = [];
  for (let second = 1; second <= 31; second++) {
    const news = watch.look(at(second), 0, false);
    if (news !== null) looks.push([second, news.type, news.seconds]);
  }
  assertEquals(looks, [[10, "waits", 10], [20, "waits", 20], [30, "waits", 30]]);
});

Deno.test("an explanation is told when it changes, and again after a minute", () => {
  const watch = new WaitWatch(10, at(0));
  const told = [];
  for (let second = 10; second <= 150; second += 10) {
    watch.look(at(second), 0, false);
    if (watch.tell(at(second), second < 30 ? "connecting" : "refused")) told.push(second);
  }
  assertEquals(told, [10, 30, 90, 150]);
});

Deno.test("that something moves again is news only to who heard that nothing did", () => {
  const watch = new WaitWatch(10, at(0));
  assertEquals(watch.look(at(9), 1, false), null);
  assertEquals(watch.look(at(20), 1, false), { type: "waits", seconds: 11 });
  watch.tell(at(20), "why");
  assertEquals(watch.look(at(25), 2, false), { type: "moves", seconds: 16 });
  assertEquals(watch.look(at(26), 3, false), null);
  // what was told of the last wait does not count for the next
  assertEquals(watch.look(at(36), 3, false), { type: "waits", seconds: 10 });
  assertEquals(watch.tell(at(36), "why"), true);
});

Deno.test("a download that is complete waits for nothing", () => {
  const watch = new WaitWatch(10, at(0));
  for (let second = 1; second <= 100; second++) {
    assertEquals(watch.look(at(second), 5, true), null);
  }
});

Deno.test("a stall is warned of once at half its time and ends at the whole", () => {
  const watch = new StallWatch(300, at(0));
  const news = [];
  for (let second = 1; second <= 300; second++) {
    const each = watch.look(at(second), 0, false);
    if (each !== null) news.push([each.type, each.seconds]);
  }
  assertEquals(news, [["warn", 150], ["end", 300]]);
});

Deno.test("a stall begins anew with each useful byte and while we are the reason", () => {
  const watch = new StallWatch(10, at(0));
  assertEquals(watch.look(at(4), 1, false), null);
  assertEquals(watch.look(at(8), 1, true), null);
  assertEquals(watch.look(at(12), 1, false), null);
  assertEquals(watch.look(at(13), 1, false)?.type, "warn");
  assertEquals(watch.look(at(14), 2, false), null);
  assertEquals(watch.look(at(19), 2, false)?.type, "warn");
  assertEquals(watch.look(at(24), 2, false)?.type, "end");
  const never = new StallWatch(0, at(0));
  assertEquals(never.look(at(1e6), 0, false), null);
});
