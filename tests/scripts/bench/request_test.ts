import { assert, assertEquals, assertThrows } from "@std/assert";
import { LINK } from "../../../scripts/bench/kinds/download.ts";
import { OPENSSL, WEB_CRYPTO } from "../../../scripts/bench/kinds/recheck.ts";
import { parseRequest } from "../../../scripts/bench/request.ts";
import { SCENARIOS } from "../../../scripts/bench/scenarios.ts";

Deno.test("without options everything runs, as it is to be quoted", () => {
  const request = parseRequest([], SCENARIOS);
  assertEquals(request.scenarios, SCENARIOS);
  assertEquals(request.whole, true);
});

Deno.test("scenarios, rounds and programs can be chosen", () => {
  const { scenarios, whole } = parseRequest(
    ["--scenario", "many-files,loopback", "--rounds=3", "--only", "tm,aria2"],
    SCENARIOS,
  );
  assertEquals(whole, false);
  assertEquals(scenarios.map((one) => one.name), ["loopback", "many-files"]);
  for (const { rounds, work } of scenarios) {
    assertEquals(rounds, 3);
    assertEquals(work.programs.map((one) => one.name), ["tm", "aria2"]);
  }
});

Deno.test("a scenario without any of the chosen programs does not run", () => {
  const { scenarios } = parseRequest(["--only", "aria2"], SCENARIOS);
  assertEquals(scenarios.some((one) => one.name === "loopback"), true);
  assertEquals(scenarios.some((one) => one.name === "seeding"), false);
});

Deno.test("a quick run is smaller and says so", () => {
  const [one] = parseRequest(["--quick", "--scenario", "loopback"], SCENARIOS).scenarios;
  assertEquals(one?.rounds, 2);
  assertEquals(one?.title.includes("quick"), true);
  const work = one?.work;
  assertEquals(work?.kind === "download" && work.payload, { kind: "file", bytes: 2 ** 27 });
});

Deno.test("what cannot be meant is refused", () => {
  for (
    const args of [
      ["--scenario", "loopbach"],
      ["--rounds", "0"],
      ["--rounds", "1.5"],
      ["--only", "nobody"],
      ["--fast"],
      ["loopback"],
    ]
  ) assertThrows(() => parseRequest(args, SCENARIOS), TypeError, "Expected", args.join(" "));
});

Deno.test("a quick run of the large sparse file is smaller, too", () => {
  const [one] = parseRequest(["--quick", "--scenario", "sparse"], SCENARIOS).scenarios;
  assertEquals(one?.work.kind === "sparse" && one.work.bytes, 2 ** 33);
});

Deno.test("scenarios have names of their own, and compare with what they measure", () => {
  const names = SCENARIOS.map((one) => one.name);
  assertEquals(new Set(names).size, names.length);
  for (const { name, work, baseline, checks } of SCENARIOS) {
    const measured = [...work.programs.map((one) => one.name), LINK, WEB_CRYPTO, OPENSSL];
    for (const other of [baseline, ...checks.map((one) => one.over)]) {
      assert(other === null || measured.includes(other), `${name} compares with ${other}`);
    }
    assert(checks.length > 0, `${name} demands something`);
    assert(work.programs.some((one) => one.name === "tm"), `${name} measures tm`);
  }
});
