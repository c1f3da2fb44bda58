import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { utf8 } from "../../src/base/mod.ts";
import { COMMANDS as ENTRIES, loadAll } from "../../src/cli/commands.ts";
import { width } from "../../src/cli/printable.ts";
import { VERSION } from "../../src/cli/version.ts";
import { objects, until, World } from "./world.ts";

const COMMANDS = await loadAll(ENTRIES);

Deno.test("commands are known by the name and summary they have themselves", () => {
  const known = ENTRIES.map(({ name, summary }) => ({ name, summary }));
  assertEquals(known, COMMANDS.map(({ name, summary }) => ({ name, summary })));
});

Deno.test("tm alone prints a short help and exits 0", async () => {
  const world = new World();
  assertEquals(await world.run(), 0);
  for (const { name } of COMMANDS) assertMatch(world.stdout.text, new RegExp(`^  ${name} `, "m"));
});

Deno.test("--version prints the version of deno.json", async () => {
  const world = new World();
  const path = new URL("../../deno.json", import.meta.url);
  assertEquals(VERSION, JSON.parse(Deno.readTextFileSync(path)).version);
  assertEquals(await world.run("--version"), 0);
  assertEquals(world.stdout.text, `tm ${VERSION} (test)\n`);
});

Deno.test("help lines are at most 80 columns and name every option", async () => {
  for (const { name, options } of COMMANDS) {
    const world = new World();
    assertEquals(await world.run("help", name), 0);
    for (const line of world.stdout.text.split("\n")) {
      assert(width(line) <= 80, `${name}: ${width(line)} columns: ${line}`);
    }
    for (const { long, on, hidden } of Object.values(options)) {
      if (!hidden) assertStringIncludes(world.stdout.text, on ? `--no-${long}` : `--${long}`);
    }
  }
});

Deno.test("tm help get shows how to do without each way to find peers and data", async () => {
  const world = new World();
  await world.run("help", "get");
  for (const what of ["dht", "pex", "lsd", "ipv6", "webseed"]) {
    assertMatch(world.stdout.text, new RegExp(`^ +--no-${what} `, "m"));
  }
});

Deno.test("COMMAND --help is help COMMAND, wherever it stands", async () => {
  const [help, after, before] = [new World(), new World(), new World()];
  await help.run("help", "verify");
  await after.run("verify", "x", "--help");
  await before.run("-h", "verify");
  assertEquals(after.stdout.text, help.stdout.text);
  assertEquals(before.stdout.text, help.stdout.text);
});

Deno.test("every example in the help can be parsed", async () => {
  for (const { examples, name } of COMMANDS) {
    for (const [line] of examples) {
      const words = /tm (\S.*?)( [<>|&].*|\)?"?)$/.exec(line)![1]!.split(" ");
      assertEquals(words[0], name, line);
      const world = new World();
      await world.run(...words, "--help");
      assertEquals(world.stderr.text, "", line);
    }
  }
});

const WRONG: [string[], string][] = [
  [["gte"], "Unknown command gte; did you mean get?"],
  [["help", "get", "info"], "Expected one command, got 2"],
  [["frobnicate"], "Unknown command frobnicate; tm help lists all"],
  [["a.torrent"], "Expected a command before a.torrent; did you mean tm get a.torrent?"],
  [["magnet:?xt=x"], "did you mean tm get magnet:?xt=x?"],
  [["help", "gte"], "did you mean get?"],
  [["--frobnicate"], "Unknown option --frobnicate"],
  [["info"], "Expected a torrent file or a magnet link, got nothing"],
  [["create"], "Expected one file or folder, got 0"],
  [["verify", "a.torrent", "b"], "Expected one torrent file or an ID, got 2"],
  [["seed"], "Expected a torrent file, its URL or a magnet link, got nothing"],
  [["tracker", "x"], "Expected no argument, got x"],
  [["completions"], "Expected bash, zsh or fish, got nothing"],
  [["completions", "tcsh"], "Expected bash, zsh or fish, got tcsh"],
  [["completions", "toString"], "Expected bash, zsh or fish, got toString"],
];
for (const [args, message] of WRONG) {
  Deno.test(`tm ${args.join(" ")} exits with 28`, async () => {
    const world = new World();
    assertEquals(await world.run(...args), 28);
    assertStringIncludes(world.stderr.text, message);
    assertMatch(world.stderr.text, /^Error: /);
    assertEquals(world.stdout.text, "");
  });
}

Deno.test("a usage error with --json is an event too", async () => {
  const world = new World();
  assertEquals(await world.run("get", "--json"), 28);
  assertEquals(objects(world.stdout.text)[0]!.type, "error");
});

Deno.test("control characters on the command line are not echoed", async () => {
  const world = new World();
  await world.run("get", "x\x1b[2J\x07y");
  assertStringIncludes(world.stderr.text, "No such file: xy\n");
});

Deno.test("a reader that goes away ends any command quietly", async () => {
  for (const args of [["help"], ["--version"], ["completions", "bash"], []]) {
    const world = new World();
    world.stdout.closed = true;
    assertEquals(await world.run(...args), 0);
    assertEquals(world.stderr.text, "");
  }
});

Deno.test("output that cannot even take an error ends with an exit code", async () => {
  const world = new World();
  world.stderr.closed = true;
  assertEquals(await world.run("nonsense"), 1);
});

for (const shell of ["bash", "zsh", "fish"]) {
  Deno.test(`completions for ${shell} name every command and option`, async () => {
    const world = new World();
    assertEquals(await world.run("completions", shell), 0);
    for (const { name, options } of COMMANDS) {
      assertStringIncludes(world.stdout.text, name);
      for (const { long, on, hidden } of Object.values(options)) {
        const shown = `${on ? "no-" : ""}${long}`;
        if (!hidden) assertStringIncludes(world.stdout.text, shown);
      }
    }
    const quotes = world.stdout.text.match(/'/g) ?? [];
    assertEquals(quotes.length % 2, 0);
  });
}

Deno.test("tracker says where it listens, touches no file and stops at Ctrl-C", async () => {
  const world = new World();
  let closed = false;
  world.tracker = (listen) => {
    assertEquals(listen, { hostname: "0.0.0.0", port: 0 });
    assertEquals(world.log, ["revoke"]);
    const close = () => Promise.resolve(void (closed = true));
    const [url, udp] = ["http", "udp"].map((scheme) => `${scheme}://127.0.0.1:4321/announce`);
    return Promise.resolve({ url: url!, udp: udp!, port: 4321, hold: () => {}, close });
  };
  const code = world.run("tracker", "--listen", "0.0.0.0:0");
  await until(() => world.stdout.text !== "");
  assertEquals(
    world.stdout.text,
    "Tracker listening on http://127.0.0.1:4321/announce\n" +
      "                 and udp://127.0.0.1:4321/announce\n",
  );
  assertEquals(closed, false);
  world.interrupt();
  assertEquals(await code, 0);
  assertEquals([closed, world.signalHandlers], [true, 0]);
});

Deno.test("tracker --json prints an object", async () => {
  const world = new World();
  const url = "http://127.0.0.1:1/announce";
  const udp = "udp://127.0.0.1:1/announce";
  world.tracker = () =>
    Promise.resolve({ url, udp, port: 1, hold: () => {}, close: () => Promise.resolve() });
  const code = world.run("tracker", "--json");
  await until(() => world.stdout.text !== "");
  world.interrupt();
  await code;
  assertEquals(objects(world.stdout.text), [{ type: "listening", url, udp }]);
});

Deno.test("a tracker's port that is taken is an error", async () => {
  const world = new World();
  world.tracker = () => Promise.reject(new Deno.errors.AddrInUse("in use"));
  assertEquals(await world.run("tracker", "--listen", "6969"), 1);
  assertStringIncludes(world.stderr.text, "Port 6969 is in use; choose another with --listen");
});

Deno.test("numbers as file names are file names", async () => {
  const world = new World();
  world.files.set("0012", utf8("de"));
  assertEquals(await world.run("info", "0012"), 26);
  assertStringIncludes(world.stderr.text, "0012 is not a torrent");
});
