import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { JsonRefused, parseJson } from "../../src/control/rpc/json.ts";
import { FakeManager } from "./fake_manager.ts";
import { call, fail } from "./lab.ts";

Deno.test("rpc: bodies that are no request get an answer, and nothing is done", async () => {
  const bodies = [
    "",
    "{",
    "null",
    "5",
    '"torrent-stop"',
    "true",
    "{}",
    '{"method":5}',
    '{"method":["torrent-stop"]}',
    '{"method":"torrent-stop","arguments":5}',
    '{"method":"torrent-stop","arguments":[1]}',
    '{"method":"torrent-stop","arguments":"ids"}',
    '\ufeff{"method":"torrent-stop"}',
    '{"method":"torrent-stop"}}',
    '{"method":"torrent-stop",}',
  ];
  const manager = new FakeManager();
  for (const body of bodies) {
    const answered = await call(manager, body) as { result: string };
    assert(answered.result.length > 0 && answered.result !== "success", body);
  }
  const notText = await call(manager, new Uint8Array([0x7b, 0xff, 0x7d])) as { result: string };
  assertStringIncludes(notText.result, "Expected UTF-8");
  assertEquals(manager.asked, []);
});

Deno.test("rpc: a wrong type or value of any argument changes nothing", async () => {
  const wrong: [string, Record<string, unknown[]>][] = [
    ["torrent-set", {
      bandwidthPriority: [2, "1", 0.5, {}],
      downloadLimit: [-1, 1.5, "5", 1e300, true],
      downloadLimited: [2, "true", []],
      "files-wanted": ["all", [-1], [0.5], ["0"], { 0: 1 }],
      labels: [
        "a",
        [1],
        [""],
        ["a,b"],
        [" "],
        ["x".repeat(201)],
        Array.from({ length: 65 }, (_, i) => `${i}`),
      ],
      "peer-limit": [0, -1, 10_001, "x"],
      queuePosition: [-1, "0"],
      seedRatioLimit: [-1, "1", []],
      seedRatioMode: [3, -1, "session"],
      trackerAdd: ["http://a.example/", [5], ["ftp://a.example/"], ["javascript:alert(1)"]],
      trackerRemove: [1, [-1], ["x"]],
      trackerReplace: [[1], ["http://a.example/", 1], [[1, 2]]],
      trackerList: [[], 5, "file:///etc/passwd", "x"],
      maxTotal: [-1, 1.5],
      location: [5, [], "x".repeat(5_000)],
    }],
    ["session-set", {
      "alt-speed-time-begin": [-1, 1440, "0"],
      "alt-speed-time-day": [128],
      "download-dir": [5, "/etc"],
      "speed-limit-down": [-1, "5", 0.5],
      "blocklist-url": [5],
      "peer-limit-global": [0],
      reserve: [-1],
    }],
    ["torrent-remove", { "delete-local-data": ["yes", 2, {}] }],
    ["torrent-add", {
      metainfo: ["not base64!", 5],
      filename: [5, "", "file:///etc/passwd", "ftp://a.example/b", "x".repeat(70_000)],
    }],
    ["torrent-rename-path", { name: ["a/b", "", ".", "..", "a\\b", 5] }],
    ["torrent-get", { fields: ["id", { 0: "id" }, [5]], format: [5] }],
    ["free-space", { path: [5, "", []] }],
  ];
  for (const [method, args] of wrong) {
    for (const [name, values] of Object.entries(args)) {
      for (const value of values) {
        const manager = new FakeManager();
        const base = method === "torrent-get" && name !== "fields" ? { fields: ["id"] } : {};
        const others = method === "torrent-rename-path" ? { path: "beta" } : {};
        // a right one beside it is not carried out either
        const right = method === "torrent-set" ? { uploadLimit: 5 } : {};
        const result = await fail(manager, method, {
          ids: [1],
          ...base,
          ...others,
          ...right,
          [name]: value,
        });
        assert(result !== "success", `${method} ${name} ${JSON.stringify(value)?.slice(0, 80)}`);
        assertEquals(manager.asked, [], `${method} ${name}`);
      }
    }
  }
});

Deno.test("rpc: names that every object has are no arguments", async () => {
  const manager = new FakeManager();
  const body = '{"method":"session-set","arguments":{"__proto__":{"speed-limit-down":1},' +
    '"constructor":{"prototype":{"x":1}}}}';
  assertEquals(await call(manager, body), { arguments: {}, result: "success" });
  assertEquals(manager.asked, []);
  assertEquals(({} as Record<string, unknown>)["x"], undefined);
});

Deno.test("json: depth and number of values are bounded before anything is built", () => {
  const nested = (depth: number) => utf8("[".repeat(depth) + "]".repeat(depth));
  parseJson(nested(32));
  assertThrows(() => parseJson(nested(33)), JsonRefused, "32 levels");
  assertThrows(() => parseJson(utf8("[".repeat(10_000_000))), JsonRefused, "32 levels");
  assertThrows(() => parseJson(utf8('{"a":'.repeat(1_000_000))), JsonRefused, "32 levels");
  assertThrows(() => parseJson(utf8(`[${"1,".repeat(250_000)}1]`)), JsonRefused, "values");
  assertThrows(() => parseJson(utf8(`[${"[],".repeat(130_000)}1]`)), JsonRefused, "values");
  assertEquals(parseJson(utf8('{"a":"[[[[\\"]]]]\\\\","b":[1,"\\\\\\""]}')), {
    a: '[[[["]]]]\\',
    b: [1, '\\"'],
  });
});

Deno.test("json: strings are skipped in time that grows with their length, not its square", () => {
  const started = performance.now();
  const cases = [
    `"${"\\".repeat(2_000_000)}"`,
    `"${'\\"'.repeat(1_000_000)}"`,
    `["${"a".repeat(20_000_000)}"]`,
    '"'.repeat(1_000_001),
  ];
  for (const text of cases) {
    try {
      parseJson(utf8(text));
    } catch (error) {
      assert(error instanceof JsonRefused);
    }
  }
  assert(performance.now() - started < 30_000);
});
