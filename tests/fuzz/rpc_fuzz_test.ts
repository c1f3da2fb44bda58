import { assert } from "@std/assert";
import { type Random, utf8 } from "../../src/base/mod.ts";
import { METHOD_NAMES } from "../../src/control/rpc/dispatch.ts";
import { JsonRefused, parseJson } from "../../src/control/rpc/json.ts";
import { SESSION_FIELDS } from "../../src/control/rpc/session_fields.ts";
import { FakeManager, FOLDER } from "../control/fake_manager.ts";
import { call } from "../control/lab.ts";
import { fuzz } from "./harness.ts";

const MAGNET = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567";
const REQUESTS = [
  { method: "torrent-get", arguments: { fields: ["id", "files"], ids: [1, "a"] }, tag: 4 },
  { method: "torrent-set", arguments: { ids: 1, "files-wanted": [0, 1], downloadLimit: 100 } },
  { method: "torrent-set", arguments: { trackerList: "http://a.example/x\n\nudp://b.example:1" } },
  { method: "torrent-add", arguments: { filename: MAGNET, "download-dir": `${FOLDER}/a/b` } },
  { method: "torrent-set-location", arguments: { ids: 1, location: `${FOLDER}/a`, move: true } },
  { method: "torrent-rename-path", arguments: { ids: 1, path: "beta/one", name: "two" } },
  { method: "session-set", arguments: { "alt-speed-time-begin": 5, "download-dir": FOLDER } },
  { jsonrpc: "2.0", method: "torrent_get", params: { fields: ["name"], format: "table" }, id: 1 },
  [{ jsonrpc: "2.0", method: "session_stats", id: "x" }, {
    jsonrpc: "2.0",
    method: "torrent_stop",
  }],
];
const corpus = REQUESTS.map((request) => utf8(JSON.stringify(request)));

fuzz({
  name: "JSON of requests",
  corpus,
  decode: parseJson,
  refusals: [JsonRefused],
});

fuzz({
  name: "bodies of the RPC",
  corpus,
  generate: (random) => utf8(JSON.stringify(anyRequest(random))),
  decode: async (body) => {
    const manager = new FakeManager();
    const answered = await call(manager, body);
    return { answered, asked: manager.asked };
  },
  check: ({ answered, asked }) => {
    JSON.stringify(answered);
    for (const [method, ...given] of asked) {
      // whatever was said, no place outside of the folder was
      const place = method === "relocate"
        ? given[1]
        : method === "add"
        ? (given[0] as { location?: string }).location ?? ""
        : method === "readTorrent"
        ? given[0]
        : "";
      assert(typeof place === "string");
      assert(!place.startsWith("/") && !place.split("/").includes(".."), place);
    }
  },
});

/** A request of a method that there is, with arguments of its names and any values. */
function anyRequest(random: Random): unknown {
  const args = Object.fromEntries(
    Array.from({ length: random.below(6) }, () => [pick(NAMES, random), anyValue(random, 0)]),
  );
  const method = pick(METHOD_NAMES, random);
  return random.below(2) === 0
    ? { method, arguments: args, tag: random.below(100) }
    : { jsonrpc: "2.0", method, params: args, id: random.below(100) };
}

const NAMES = [
  ..."ids fields format filename metainfo download-dir location move path name labels".split(" "),
  ..."files-wanted files-unwanted priority-high priority-low trackerAdd trackerList".split(" "),
  ..."trackerReplace queuePosition seedRatioMode downloadLimit delete-local-data".split(" "),
  ...SESSION_FIELDS.map(({ name }) => name),
];
const VALUES: readonly unknown[] = [
  0,
  1,
  -1,
  2,
  1.5,
  1e300,
  2 ** 53,
  true,
  false,
  null,
  "",
  "recently-active",
  "table",
  "id",
  "..",
  "/etc/passwd",
  FOLDER,
  `${FOLDER}/../x`,
  `${FOLDER}/a`,
  "a/../b",
  "a.torrent",
  MAGNET,
  "http://a.example/announce",
  "ZDQ6aW5mb2RlZQ==",
  "\ud800",
  "__proto__",
];

function anyValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 3 ? 4 : 8);
  if (kind < 5) return pick(VALUES, random);
  if (kind < 7) return Array.from({ length: random.below(4) }, () => anyValue(random, depth + 1));
  return { [pick(NAMES, random)]: anyValue(random, depth + 1) };
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[random.below(from.length)] as T;
}
