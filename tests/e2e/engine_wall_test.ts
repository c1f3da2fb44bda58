/**
 * What if the engine itself were taken over? The worker that holds sockets and torrents is replaced, in a copy of the
 * source, by an attacker's; the rest of the program, which decides what it may touch, is the real one.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Scene, system } from "./harness/scene.ts";
import { makeTorrent } from "./harness/torrent.ts";

const PROJECT = fromFileUrl(new URL("../..", import.meta.url));

/** Tries to get out by every door there is and reports what came of it, as warnings of the engine. */
const ATTACKER = `
import { DatabaseSync } from "node:sqlite";
import { readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

function start(folder) {
  const outside = folder.replace(/downloads$/, "outside");
  const tries = {
    "read a file": () => Deno.readTextFileSync(outside + "/precious"),
    "read through ..": () => Deno.readTextFileSync(folder + "/../outside/precious"),
    "read a file of the system": () => Deno.readTextFileSync("/etc/passwd"),
    "list a folder": () => [...Deno.readDirSync(outside)].length,
    "look at a file": () => Deno.statSync(outside + "/precious").size,
    "write a file": () => Deno.writeTextFileSync(outside + "/precious", "gone"),
    "make a file": () => Deno.writeTextFileSync(outside + "/new", "new"),
    "make a folder": () => Deno.mkdirSync(outside + "/folder"),
    "make a temporary file": () => Deno.makeTempFileSync(),
    "remove a file": () => Deno.removeSync(outside + "/precious"),
    "rename a file out": () => {
      Deno.writeTextFileSync(folder + "/mine", "mine");
      Deno.renameSync(folder + "/mine", outside + "/new");
    },
    "make a link out": () => Deno.symlinkSync(outside, folder + "/link"),
    "make a hard link in": () => Deno.linkSync(outside + "/precious", folder + "/hard"),
    "read with node": () => readFileSync(outside + "/precious"),
    "write with node": () => writeFileSync(outside + "/new", "new"),
    "open a database": () => new DatabaseSync(outside + "/new.db").exec("CREATE TABLE a (b)"),
    "attach a database": () => {
      new DatabaseSync(folder + "/in.db").exec("ATTACH '" + outside + "/new.db' AS o; CREATE TABLE o.a (b)");
    },
    "vacuum into a file": () => {
      new DatabaseSync(folder + "/in2.db").exec("CREATE TABLE a (b); VACUUM INTO '" + outside + "/new.db'");
    },
    "run a program": () => new Deno.Command("/bin/true").outputSync().code,
    "run a program with node": () => execFileSync("/bin/true"),
    "load a library": () => Deno.dlopen("libc.so.6", {}),
    "read the environment": () => Deno.env.get("HOME"),
    "ask for more": () => {
      const { state } = Deno.permissions.requestSync({ name: "read" });
      if (state !== "granted") throw new Deno.errors.NotCapable(state);
    },
    "a worker with more": () => {
      new Worker("data:application/javascript,", {
        type: "module",
        deno: { permissions: { read: true } },
      });
    },
  };
  for (const [name, attempt] of Object.entries(tries)) {
    let outcome;
    try {
      outcome = "done " + attempt();
    } catch (error) {
      outcome = error.name === "Error" ? error.message : error.name;
    }
    say({ type: "warning", torrent: null, message: name + ": " + outcome });
  }
  Deno.writeTextFileSync(folder + "/inside", "may be written");
}

function say(event) {
  postMessage({ type: "event", event });
}

onmessage = ({ data: { id, call } }) => {
  if (call.op === "start") start(call.options.folder);
  postMessage({ type: "result", id, value: call.op === "add" ? "0".repeat(40) : null });
  if (call.op === "add") {
    say({ type: "error", torrent: null, reason: "other", message: "end", path: null, missing: null });
  }
};
`;

Deno.test("an engine that an attacker has taken over reaches nothing outside the folder", async () => {
  await using scene = await Scene.open();
  await Deno.mkdir(scene.path("program"));
  for (const part of ["src", "mod.ts", "deno.json", "deno.lock"]) {
    await system("cp", "-r", PROJECT + part, scene.path("program"));
  }
  const worker = await system("find", scene.path("program/src"), "-name", "engine_worker.ts");
  await Deno.writeTextFile(worker.trimEnd(), ATTACKER);
  await scene.write("outside/precious", "precious");
  const path = await scene.torrent(await makeTorrent({ content: 1000 }));

  // The permissions of the compiled program; it comes from the source only because the worker was replaced.
  const flags = ["--no-prompt", "--allow-net", "--allow-read", "--allow-write", "--allow-env"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      ...flags,
      "--allow-sys=statfs",
      "program/mod.ts",
      "get",
      path,
      "--json",
    ],
    cwd: scene.folder,
  }).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals(code, 1, text + new TextDecoder().decode(stderr));
  const outcomes = text.trim().split("\n").map((line) => JSON.parse(line))
    .filter((event) => event.type === "warning")
    .map((event) => String(event.message).split(": ") as [string, string]);
  assertStringIncludes(text, "read a file of the system");
  assertEquals(outcomes.length, 24);
  assertEquals(outcomes.filter(([, outcome]) => outcome !== "NotCapable"), [
    // SQLite's own words: Deno lets a database open no other.
    ["attach a database", "too many attached databases - max 0"],
    ["vacuum into a file", "too many attached databases - max 0"],
  ]);
  assertEquals(await scene.tree("outside"), ["precious"]);
  assertEquals(await Deno.readTextFile(scene.path("outside/precious")), "precious");
  assertEquals(await Deno.readTextFile(scene.path("downloads/inside")), "may be written");
  assert(!(await scene.tree("downloads")).some((name) => name.endsWith("@")));
});
