import { assertEquals } from "@std/assert";
import { tame } from "../../src/base/mod.ts";

Deno.test("tame: what turns letters round is marked", () => {
  assertEquals(tame("photo\u202egpj.exe"), "photo\ufffdgpj.exe");
  for (const mark of "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069") {
    assertEquals(tame(`a${mark}b`), "a\ufffdb", mark.codePointAt(0)?.toString(16));
  }
});

Deno.test("tame: what shows nothing is marked, a run of it once", () => {
  const hidden = [
    ..."\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u2060\u2064\u206a\u2800\u3164\ufe00\ufeff\uffa0\ufff9",
    "\u{1d159}",
    "\u{1d173}",
    "\u{e0001}",
    "\u{e0041}",
    "\u{e0100}",
    "\ud800",
    "\ue000",
    "\u2028",
  ];
  for (const each of hidden) {
    assertEquals(tame(`a${each}b`), "a\ufffdb", each.codePointAt(0)?.toString(16));
  }
  assertEquals(tame(`setup.pdf${hidden.join("")}.exe`), "setup.pdf\ufffd.exe");
});

Deno.test("tame: controls are marked, and lines become one", () => {
  assertEquals(tame("\x1b[2J\x9b1m\x00\x7fa"), "\ufffd[2J\ufffd1m\ufffda");
  assertEquals(tame("two\r\n\tlines"), "two lines");
  assertEquals(tame("a\u0085b\x1cc", ""), "abc", "with another mark");
});

Deno.test("tame: blanks that would push an ending out of sight are one space", () => {
  assertEquals(tame(`photo.jpg${"\u00a0\u2003".repeat(100)}.exe`), "photo.jpg .exe");
  assertEquals(tame("東京\u3000駅  é"), "東京 駅  é");
});

Deno.test("tame: marks piled on one letter are cut down", () => {
  assertEquals(tame(`a${"\u0301\u0489".repeat(500)}b`), "a\u0301\u0489\u0301\u0489b");
  // what shows nothing does not begin a new pile unseen
  const pile = "\u0301".repeat(9);
  assertEquals(
    tame(`a${pile}\u034f${pile}`),
    "a\u0301\u0301\u0301\u0301\ufffd\u0301\u0301\u0301\u0301",
  );
});

Deno.test("tame: what a script or an emoji needs stays", () => {
  const whole = [
    "Ubuntu  24.04 <img onerror>",
    "Ünïcödé e\u0301",
    "日本 葛\u{e0100}城",
    "مرحبا می\u200cخواهم",
    "हिन्दी क्\u200dष",
    "ශ්\u200dරී",
    "👩\u200d👩\u200d👧.mkv 🧑🏽\u200d🤝\u200d🧑🏻 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🏳\ufe0f\u200d🌈",
  ];
  for (const text of whole) {
    assertEquals(tame(text), text);
  }
  assertEquals(tame("a\u200db\u200cc 1\ufe0f"), "a\ufffdb\ufffdc 1\ufffd", "of no use there");
});

Deno.test("tame: twice is as once, and time grows with the length alone", () => {
  const nasty = "a\u202e\n\u0301\u0301\u0301\u0301\u0301 \u00a0🏴\u{e0067}";
  assertEquals(tame(tame(nasty)), tame(nasty));
  for (const run of [" ", "\u00a0", "\u200d", "🏴\u{e0067}", "❤\ufe0f\u200d", "\u0301"]) {
    assertEquals(tame(`é${run.repeat(200_000)}`).length > 0, true);
  }
});
