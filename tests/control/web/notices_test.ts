import { assertEquals, assertNotEquals } from "@std/assert";
import { Notices } from "../../../src/control/web/page/notices.ts";

/** Notices, and a clock that is turned by hand: `pass` ends every wait that goes on. */
function made() {
  let waits: (() => void)[] = [];
  const notices = new Notices(() => {}, (_, fn) => {
    waits.push(fn);
    return () => {
      waits = waits.filter((each) => each !== fn);
    };
  });
  const pass = () => waits.splice(0).forEach((fn) => fn());
  return { notices, pass, waiting: () => waits.length };
}

Deno.test("page: the same news twice is told twice, and goes by itself", () => {
  const { notices, pass, waiting } = made();
  notices.say("Saved.");
  const [first] = [notices.news];
  notices.say("Saved.");
  assertEquals(notices.news?.text, "Saved.");
  assertNotEquals(notices.news?.id, first?.id);
  assertEquals(waiting(), 1, "the first has no say any longer");
  pass();
  assertEquals(notices.news, null);
});

Deno.test("page: news waits for who points at it", () => {
  const { notices, pass, waiting } = made();
  notices.say("Saved.");
  notices.hold(true);
  notices.say("Added.");
  pass();
  assertEquals(notices.news?.text, "Added.");
  notices.hold(false);
  assertEquals(waiting(), 1);
  pass();
  assertEquals(notices.news, null);
});

Deno.test("page: what is wrong stays until it is dismissed, three at most, none twice", () => {
  const { notices, pass, waiting } = made();
  for (const text of ["a", "b", "c", "b", "d"]) notices.warn(text);
  pass();
  assertEquals(notices.wrong.map(({ text }) => text), ["c", "b", "d"]);
  notices.say("Saved.");
  notices.dismiss();
  assertEquals([notices.news, notices.wrong.length, waiting()], [null, 0, 0]);
});

Deno.test("page: what was wrong in a question is over with it, news of it is not", () => {
  const { notices } = made();
  notices.warn("before");
  const end = notices.ask();
  assertEquals(notices.isAsking, true);
  notices.warn("in it");
  notices.say("Saved.");
  end();
  assertEquals(notices.isAsking, false);
  assertEquals(notices.wrong.map(({ text }) => text), ["before"]);
  assertEquals(notices.news?.text, "Saved.");
});
