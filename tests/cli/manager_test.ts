import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { RemoteError } from "../../src/remote/mod.ts";
import { FakeManager, torrent } from "./fake_manager.ts";
import { objects, torrentOf, World } from "./world.ts";

function three(): FakeManager {
  const manager = new FakeManager();
  manager.torrents = [
    torrent(1, "debian-12.iso", { rateDownload: 1_300_000, eta: 200, labels: ["linux", "iso"] }),
    torrent(2, "Sintel", { status: 6, leftUntilDone: 0, rateUpload: 51_200, uploadRatio: 12.345 }),
    torrent(3, "debian-13.iso", { status: 0, error: 3, errorString: "No space" }),
  ];
  return manager;
}

Deno.test("list is a table that fits 80 columns", async () => {
  const world = three().world().onTerminal();
  assertEquals(await world.run("list"), 0);
  assertEquals(
    world.stdout.text,
    `\
ID  Done  Size   Left  Down/s   Up/s  State        Name
 1   75%  1.0G  3m20s    1.2M      -  downloading  debian-12.iso
 2  100%  1.0G      -       -  50.0K  seeding      Sintel
 3   75%  1.0G      -       -      -  error        debian-13.iso

3 torrents: 1 downloading, 1 seeding, 1 error; ↓ 1.2 MiB/s ↑ 50.0 KiB/s
`,
  );
});

Deno.test("a wide terminal and a pipe have more columns, a long name gives way", async () => {
  const manager = three();
  manager.torrents[0]!["name"] = "x".repeat(300);
  const narrow = manager.world().onTerminal();
  await narrow.run("list");
  for (const line of narrow.stdout.text.split("\n")) assertMatch(line, /^.{0,79}$/u);
  assertStringIncludes(narrow.stdout.text, "x…");
  const wide = manager.world().onTerminal();
  wide.columns = 130;
  await wide.run("list", "--columns", "id,name,label");
  assertMatch(wide.stdout.text.split("\n")[0]!, /^ID {2}Name {100,}Label$/);
  const piped = manager.world();
  await piped.run("list");
  assertStringIncludes(piped.stdout.text, "x".repeat(300));
  assertMatch(piped.stdout.text, /Ratio {2}Peers {2}State/);
});

Deno.test("list sorts and filters", async () => {
  const order = async (...args: string[]) => {
    const world = three().world();
    await world.run("list", "--json", ...args);
    return objects(world.stdout.text).map(({ id }) => id);
  };
  assertEquals(await order(), [1, 2, 3]);
  assertEquals(await order("--sort", "name"), [1, 3, 2]);
  assertEquals(await order("--sort", "name", "-r"), [2, 3, 1]);
  assertEquals(await order("--sort", "left", "-r"), [3, 1, 2]);
  assertEquals(await order("-f", "seeding"), [2]);
  assertEquals(await order("-f", "label:linux"), [1]);
  assertEquals(await order("-f", "deb*13"), [3]);
  assertEquals(await order("-f", "debian", "-f", "incomplete", "-f", "running"), [1]);
  assertEquals(await order("2-3"), [2, 3]);
  assertEquals(await order("is:error"), [3]);
});

Deno.test("list without torrents says so", async () => {
  const world = new FakeManager().world();
  assertEquals(await world.run("list"), 0);
  assertEquals(world.stdout.text, "No torrents\n");
});

Deno.test("colours only on a terminal that wants them", async () => {
  const [coloured, plain] = [three().world().onTerminal(), three().world().onTerminal()];
  coloured.noColor = false;
  await coloured.run("list");
  await plain.run("list");
  assertStringIncludes(coloured.stdout.text, "\x1b[1m");
  assertEquals(plain.stdout.text.includes("\x1b"), false);
});

const IDS: [id: string, meant: number[] | string, code?: number][] = [
  ["2", [2]],
  ["1,3", [1, 3]],
  ["1-2", [1, 2]],
  ["3,1-2,1", [3, 1, 2]],
  ["all", [1, 2, 3]],
  ["sintel", [2]],
  ["debian-12", [1]],
  ["02020202", [2]],
  ["0202", "No torrent 0202", 3],
  ["0303030303030303030303030303030303030303", [3]],
  ["is:seeding", [2]],
  ["label:iso", [1]],
  ["13", "No torrent 13", 3], // though one name has it
  ["debian", "debian can be 2 torrents:\n     1  01010101  debian-12.iso\n", 28],
  ["7", "No torrent 7; tm list shows all", 3],
  ["7-9", "No torrent 7-9", 3],
  ["1,9", "No torrent 9", 3],
  ["3-1", "Expected IDs such as 1-3,5, got 3-1", 28],
  ["is:sleeping", "Expected is:STATE, one of error, paused", 28],
];
for (const [id, meant, code = 0] of IDS) {
  Deno.test(`the ID ${id}`, async () => {
    const manager = three();
    const world = manager.world();
    assertEquals(await world.run("pause", id), code);
    if (typeof meant === "string") {
      assertStringIncludes(world.stderr.text, meant);
      assertEquals(manager.changes, []);
    } else {
      const ids = meant.map((each) => manager.torrents[each - 1]!["hashString"]);
      assertEquals(manager.changes, [{ method: "torrent-stop", args: { ids } }]);
    }
  });
}

Deno.test("an ID that many torrents match lists ten of them", async () => {
  const manager = new FakeManager();
  for (let id = 1; id <= 30; id++) manager.torrents.push(torrent(id, `part \x1b[31m${id}x`));
  const world = manager.world();
  assertEquals(await world.run("remove", "part"), 28);
  assertEquals(world.stderr.text.split("\n").length, 14);
  assertStringIncludes(world.stderr.text, "… and 20 more");
  assertEquals(world.stderr.text.includes("\x1b"), false);
});

Deno.test("pause, resume and remove say what they did", async () => {
  const manager = three();
  const run = async (...args: string[]) => {
    const world = manager.world();
    assertEquals(await world.run(...args), 0);
    return world.stdout.text;
  };
  assertEquals(await run("pause", "1"), "Paused 1 debian-12.iso\n");
  assertEquals(await run("resume", "1", "2"), "Resumed 1 debian-12.iso\nResumed 2 Sintel\n");
  assertEquals(await run("remove", "2"), "Removed 2 Sintel\n");
  assertEquals(await run("remove", "--data", "2"), "Removed, with its data, 2 Sintel\n");
  assertEquals(await run("pause", "-q", "1"), "");
  assertEquals(objects(await run("resume", "--now", "--json", "3")), [
    { type: "resumed", torrent: "03".repeat(20), id: 3, name: "debian-13.iso" },
  ]);
  assertEquals(manager.changes.map(({ method, args }) => [method, args["delete-local-data"]]), [
    ["torrent-stop", undefined],
    ["torrent-start", undefined],
    ["torrent-remove", false],
    ["torrent-remove", true],
    ["torrent-stop", undefined],
    ["torrent-start-now", undefined],
  ]);
});

Deno.test("add sends files, links and labels, and leaves what is there", async () => {
  const manager = new FakeManager();
  const world = manager.world();
  const bytes = torrentOf("a.bin");
  world.files.set("a.torrent", bytes);
  const hash = "0123456789abcdef0123456789abcdef01234567";
  const args = ["-d", "linux", "--paused", "--label", "x,y", "--priority", "high"];
  assertEquals(await world.run("add", "a.torrent", hash, ...args), 0);
  assertEquals(world.stdout.text, "Added 1 new 1\nAdded 2 new 2\n");
  const more = { "download-dir": "linux", paused: true, bandwidthPriority: 1 };
  const labels = { labels: ["x", "y"] };
  assertEquals(manager.changes, [
    { method: "torrent-add", args: { metainfo: bytes.toBase64(), ...more } },
    { method: "torrent-set", args: { ids: ["01".repeat(20)], ...labels } },
    { method: "torrent-add", args: { filename: `magnet:?xt=urn:btih:${hash}`, ...more } },
    { method: "torrent-set", args: { ids: ["02".repeat(20)], ...labels } },
  ]);
  const again = manager.world();
  again.files.set("a.torrent", bytes);
  const known = { id: 9, hashString: "ab".repeat(20), name: "a.bin" };
  manager.answers["torrent-add"] = () => ({ "torrent-duplicate": known });
  assertEquals(await again.run("add", "a.torrent", "--label", "z"), 0);
  assertEquals(again.stdout.text, "There already: 9 a.bin\n");
  assertEquals(manager.changes.length, 5);
});

Deno.test("add reports a source that is none and adds the others", async () => {
  const manager = new FakeManager();
  const world = manager.world();
  world.files.set("a.torrent", torrentOf("a.bin"));
  world.files.set("b.torrent", utf8("<html>"));
  assertEquals(await world.run("add", "b.torrent", "a.torrent", "none"), 25);
  assertStringIncludes(world.stderr.text, "b.torrent is not a torrent (it looks like a web page)");
  assertStringIncludes(world.stderr.text, "No such file: none");
  assertEquals(manager.changes.length, 1);
});

Deno.test("what a manager refuses is told in its words, without what acts on a terminal", async () => {
  const manager = three();
  manager.answers["torrent-stop"] = () => `\x1b[2Jno ${"x".repeat(5000)}`;
  const world = manager.world();
  assertEquals(await world.run("pause", "1"), 1);
  assertMatch(world.stderr.text, /^Error: The manager refuses: no x{200,400}\n$/);
});

Deno.test("--host takes what transmission-remote takes, and more", async () => {
  const to = async (host: string) => {
    const manager = new FakeManager();
    assertEquals(await manager.world().run("list", "--host", host), 0);
    return manager.opened[0];
  };
  assertEquals(await to("9000"), "http://127.0.0.1:9000/transmission/rpc");
  assertEquals(await to("box"), "http://box:9091/transmission/rpc");
  assertEquals(await to("[::1]:80"), "http://[::1]/transmission/rpc");
  assertEquals(await to("unix:/run/tm.sock"), "unix:/run/tm.sock");
});

Deno.test("a name and a password come from -n, a file or the URL and are never shown", async () => {
  const secret = "pa:ss wörd";
  for (const how of ["-n", "file", "url", "wrong"]) {
    const manager = new FakeManager();
    manager.auth = `me:${String.fromCharCode(...utf8(secret))}`;
    const world = manager.world();
    world.files.set("auth", utf8(`me:${secret}\nmore`));
    const args = {
      "-n": ["-n", `me:${secret}`],
      file: ["--auth-file", "auth"],
      url: ["--host", `http://me:${encodeURIComponent(secret)}@box:1`],
      wrong: ["-n", `you:${secret}`, "-v"],
    }[how]!;
    assertEquals(await world.run("list", ...args), how === "wrong" ? 24 : 0, how);
    if (how === "wrong") {
      assertStringIncludes(world.stderr.text, "does not take this name and pass");
    }
    assertEquals((world.stdout.text + world.stderr.text).includes("pa:ss"), false);
  }
});

const REFUSED: [args: string[], code: number, message: string][] = [
  [[], 24, "The manager at 127.0.0.1:9091 wants a name and a password: -n USER:PASS"],
  [["-n", "secret"], 28, "Expected USER:PASS after -n, got something else"],
  [["--auth-file", "none"], 3, "Cannot read none: no such file"],
  [["--auth-file", "bad"], 28, "Expected USER:PASS in the first line of bad"],
  [["--auth-file", "bad", "-n", "a:b"], 28, "Expected -n or --auth-file, got both"],
  [["--host", "me:secret@box"], 28, "Expected HOST:PORT, a URL or unix:PATH after --host"],
];
for (const [args, code, message] of REFUSED) {
  Deno.test(`list ${args.join(" ")} against a manager with a password`, async () => {
    const manager = three();
    manager.auth = "a:b";
    const world = manager.world();
    world.files.set("bad", utf8("secret"));
    assertEquals(await world.run("list", ...args), code);
    assertStringIncludes(world.stderr.text, message);
    assertEquals(world.stderr.text.includes("secret"), false);
  });
}

Deno.test("where no manager is, it is said how to start one", async () => {
  const world = new World();
  world.manager = ({ shown }) => ({
    send: () => Promise.reject(new RemoteError("unreachable", `No manager at ${shown}; start …`)),
    close() {},
  });
  assertEquals(await world.run("list", "--json"), 6);
  assertEquals(objects(world.stdout.text)[0]!["type"], "error");
});

Deno.test("files are out of reach before anything is sent, and connections are closed", async () => {
  const manager = three();
  const world = manager.world();
  await world.run("list");
  assertEquals([world.log, manager.closed], [["revoke"], 1]);
});

const NONSENSE: [what: string, args: unknown][] = [
  ["no list", { torrents: {} }],
  ["no object in the list", { torrents: [1] }],
  ["no number", { torrents: [torrent(1, "x", { rateDownload: "fast" })] }],
  ["an endless number", { torrents: [torrent(1, "x", { sizeWhenDone: 1e300 })] }],
  ["a size below nothing", { torrents: [torrent(1, "x", { leftUntilDone: -5 })] }],
  ["no text", { torrents: [torrent(1, "x", { name: ["x"] })] }],
  ["no hash", { torrents: [torrent(1, "x", { hashString: "../../etc" })] }],
  ["no labels", { torrents: [torrent(1, "x", { labels: [{}] })] }],
  ["no arguments", []],
];
for (const [what, args] of NONSENSE) {
  Deno.test(`an answer with ${what} ends with 22`, async () => {
    const manager = new FakeManager();
    const body = JSON.stringify({ result: "success", arguments: args });
    manager.reply = () => ({ status: 200, sessionId: null, body });
    const world = manager.world();
    assertEquals(await world.run("list"), 22);
    assertMatch(world.stderr.text, /^Error: The manager's answer /);
  });
}

const REPLIES: [status: number, body: string, code: number, message: string][] = [
  [200, "<html>", 22, "answers something else than a manager does"],
  [200, "[".repeat(200_000), 22, "answers something else than a manager does"],
  [200, "{}", 22, "answers something else than a manager does"],
  [404, "", 22, "is no manager (HTTP 404)"],
  [301, "", 22, "is no manager (HTTP 301)"],
  [403, "", 24, "does not serve this machine"],
  [421, "", 24, "use its IP address"],
  [409, "", 22, "HTTP 409"],
];
for (const [status, body, code, message] of REPLIES) {
  Deno.test(`HTTP ${status} ${body.slice(0, 8)} ends with ${code}`, async () => {
    const manager = new FakeManager();
    manager.reply = () => ({ status, sessionId: null, body });
    const world = manager.world();
    assertEquals(await world.run("list"), code);
    assertStringIncludes(world.stderr.text, message);
  });
}

Deno.test("names cannot steer the terminal", async () => {
  const manager = new FakeManager();
  const name = "a\x1b]0;x\x07\x1b[2Jb\r\nc\u202ed";
  manager.torrents = [torrent(1, name, { labels: ["\x1b[7m"], errorString: "\x9b2J", error: 2 })];
  for (const args of [["list"], ["status", "1"], ["pause", "1"], ["list", "--json"]]) {
    const world = manager.world();
    assertEquals(await world.run(...args), 0);
    // deno-lint-ignore no-control-regex -- what must not be there
    assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(world.stdout.text), false, args[0]);
  }
});
