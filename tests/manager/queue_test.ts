import { assertEquals } from "@std/assert";
import { type Candidate, chooseRunning, type Places } from "../../src/manager/queue.ts";

/** Candidates as texts: a name, then `d` download or `s` seed, `!` now, `-` stopped, `~` stalled, `x` blocked. */
function run(texts: string, places: Partial<Places> = {}): string {
  const candidates = texts.split(" ").map((text): Candidate => ({
    hash: text[0]!,
    goal: text.includes("!") ? "now" : text.includes("-") ? "stop" : "run",
    complete: text.includes("s"),
    stalled: text.includes("~"),
    blocked: text.includes("x"),
  }));
  const all = { downloads: null, seeds: null, mayDownload: true, ...places };
  return [...chooseRunning(candidates, all)].join("");
}

Deno.test("without places everything runs that is to and can", () => {
  assertEquals(run("Ad Bs Cd- Dsx Ed! Fs- Gdx!"), "ABE");
});

Deno.test("places go to the first in order, downloads and seeds apart", () => {
  assertEquals(run("Ad Bd Cd Ds Es", { downloads: 2, seeds: 1 }), "ABD");
  assertEquals(run("Ad Bd", { downloads: 0 }), "");
  assertEquals(run("Ad- Bdx Cd Dd", { downloads: 1 }), "C");
});

Deno.test("who is started now takes no place of others, nor does who is stalled", () => {
  assertEquals(run("Ad! Bd Cd", { downloads: 1 }), "AB");
  assertEquals(run("Ad~ Bd Cd", { downloads: 1 }), "AB");
  assertEquals(run("Ad Bd~ Cd", { downloads: 1 }), "AB");
});

Deno.test("with the budget used up nothing is downloaded, whatever was said", () => {
  assertEquals(run("Ad Bs Cd!", { mayDownload: false }), "B");
});
