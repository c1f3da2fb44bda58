import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { binary } from "./harness/binary.ts";
import { assertFailure } from "./harness/expect.ts";
import { Scene } from "./harness/scene.ts";
import { Screen } from "./harness/screen.ts";
import type { Tm } from "./harness/tm.ts";
import { makeTorrent, noise } from "./harness/torrent.ts";

/** A manager that nobody reaches, with its place. */
async function daemon(scene: Scene, port = 0): Promise<{ tm: Tm; port: number }> {
  const options = ["--json", "--rpc", `127.0.0.1:${port}`, "--no-listen", "--no-dht", "--no-lsd"];
  const tm = scene.start(["daemon", "-d", "state", ...options]);
  const { place } = await tm.event("ready");
  return { tm, port: Number(new URL(String(place)).port) };
}

/** A manager with a seed, a folder, wide characters and a name that is up to no good. */
async function fixture(scene: Scene): Promise<{ tm: Tm; port: number }> {
  const running = await daemon(scene);
  const seed = await makeTorrent({ name: "debian.iso", content: 300_000 });
  const folder = await makeTorrent({
    name: "Sintel",
    content: [
      [["Sintel.mkv"], noise(200_000, 2)],
      [["poster.jpg"], noise(10_000, 3)],
      [["subs", "日本語.srt"], noise(3000, 4)],
    ],
  });
  const wide = await makeTorrent({
    name: "日本の映画コレクション第二巻",
    content: 200_000,
    seed: 5,
  });
  const evil = await makeTorrent({ name: "evil\x1b[2J\u202egpj.exe", content: 100_000, seed: 6 });
  await scene.data(seed, "state");
  for (const [i, torrent] of [seed, folder, wide, evil].entries()) {
    const path = await scene.torrent(torrent, `${i}.torrent`);
    const paused = i === 0 ? [] : ["--paused"];
    const added = await scene.run(["add", path, "--host", String(running.port), ...paused]);
    assertEquals(added.code, 0, added.stderr);
  }
  return running;
}

/** Starts `tm top` in a shell and waits for its list. */
async function top(screen: Screen, port: number, ...options: string[]): Promise<void> {
  await screen.run(["clear;", binary("tm"), "top --host", port, ...options].join(" "));
  await screen.until(
    (text) => /seeding .*\n.* paused .*\n.* paused .*\n.* paused /.test(text),
    "four torrents",
  );
}

const LIST = `\
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian.iso          seeding      100%      -     -      -     0  0.00  293K
   2 Sintel              paused         0%      -     -      -     0     -  208K
   3 日本の映画コレクシ… paused         0%      -     -      -     0     -  195K
   4 evil_[2J_gpj.exe    paused         0%      -     -      -     0     - 97.7K`;
const KEYS = " ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort";
const FILE_KEYS = " ? keys   Esc back   Tab next   + - priority   Space on/off";

/** The first line at 80 columns, with nothing transferred. */
function title(port: number): string {
  return ` tm top 127.0.0.1:${port} · 4 torrents`.padEnd(64) + "↓ 0 B/s ↑ 0 B/s";
}

/** A screen of `rows` lines with keys in the last one. */
function screenOf(rows: number, above: string, keys: string): string {
  return above + "\n".repeat(rows - above.split("\n").length) + keys;
}

/** A list with the cursor on another line. */
function at(line: number): string {
  return LIST.replace(">", " ").split("\n").map((each, i) =>
    i === line ? `>${each.slice(1)}` : each
  ).join("\n");
}

Deno.test("top: the list, files and their priority, at other sizes, and the shell again", async () => {
  await using scene = await Scene.open();
  const { port } = await fixture(scene);
  await using screen = await Screen.open(scene, 80, 24);
  await top(screen, port);
  await screen.is(screenOf(24, `${title(port)}\n${LIST}`, KEYS));
  assertEquals(await screen.property("#{alternate_on} #{cursor_flag}"), "1 0");

  await screen.press("Down", "Enter", "2");
  const files = `\
>files: Sintel
  No  Done  Size  Wanted  Path
>  1    0%  195K  normal  Sintel/Sintel.mkv
   2    0%  9.8K  normal  Sintel/poster.jpg
   3    0%  2.9K  normal  Sintel/subs/日本語.srt`;
  await screen.is(screenOf(24, `${title(port)}\n${at(2)}\n${files}`, FILE_KEYS));
  await screen.type("+");
  await screen.shows(">  1    0%  195K  high    Sintel/Sintel.mkv");
  await screen.press("Down", "Space");
  const shown = await screen.shows(">  2    0%  9.8K  off     Sintel/poster.jpg");
  assertStringIncludes(shown, "File 2 is off: poster.jpg");
  const told = await scene.run(["files", "Sintel", "--host", String(port)]);
  assertMatch(told.stdout, / high {4}Sintel\/Sintel.mkv\n.* off {5}Sintel\/poster.jpg\n/);

  await screen.resize(44, 10);
  await screen.until((text) => text.includes("\n>  2    0%  9.8K  off"), "a small panel");
  await screen.press("Escape");
  await screen.until(
    (text) => /^ tm top .*\n {2}Name .*\n {2}debian\.iso .*\n> Sintel /.test(text),
    "a narrow list",
  );
  await screen.resize(120, 24);
  await screen.shows("Ratio  Size Label");
  await screen.resize(80, 24);
  await screen.press("Home");
  await screen.until((text) => text.includes(`${title(port)}\n`), "80 columns");

  await screen.type("q");
  await screen.until((text) => !text.includes("torrents") && text.endsWith("$"), "the shell");
  assertEquals(await screen.property("#{alternate_on} #{cursor_flag} #{wrap_flag}"), "0 1 1");
  await screen.run("clear; stty -a | grep -o ' icanon'; echo $((6 * 7))");
  await screen.is(" icanon\n42\n$");
});

Deno.test("top: pauses, moves in the queue, limits, filters, finds, and asks before it removes", async () => {
  await using scene = await Scene.open();
  const { port } = await fixture(scene);
  await using screen = await Screen.open(scene, 80, 16);
  await top(screen, port);
  const json = async (...args: string[]) => {
    const { stdout } = await scene.run([...args, "--json", "--host", String(port)]);
    return stdout.trim().split("\n").map((line) => JSON.parse(line));
  };
  await screen.type("p");
  await screen.shows("Paused: debian.iso");
  await screen.shows(">  1 debian.iso          paused       100%");
  assertEquals((await json("list", "1"))[0].state, "stopped");
  await screen.type("p");
  await screen.shows(">  1 debian.iso          seeding      100%");

  await screen.press("End");
  await screen.type("T");
  await screen.shows("To the top of the queue: evil");
  assertEquals((await json("list", "4"))[0].position, 0);

  await screen.type("d");
  await screen.shows("Download limit of evil_[2J_gpj.exe (2M, off): _");
  await screen.type("64K");
  await screen.press("Enter");
  await screen.shows("Download limit of evil_[2J_gpj.exe: 64.0 KiB/s");
  assertEquals((await json("limit", "4"))[0].downLimit, 66_000);

  await screen.type("/");
  await screen.type("コレ");
  await screen.shows(">  3 日本の映画");
  await screen.press("Enter");
  await screen.type("f");
  await screen.type("paused");
  await screen.press("Enter");
  await screen.shows("3 of 4 torrents · paused");
  await screen.press("Escape");
  await screen.shows("· 4 torrents");

  await screen.press("Home");
  await screen.type("X");
  await screen.shows("DELETE the files of debian.iso (293.0 KiB) and forget it?");
  await screen.type("n");
  await screen.shows("Nothing was done");
  assertEquals(await scene.tree("state"), ["debian.iso"]);
  await screen.type("X");
  await screen.shows("DELETE the files of");
  await screen.type("y");
  await screen.shows("Removed, with its files: debian.iso");
  await screen.shows("· 3 torrents");
  await screen.until((text) => !/\d debian\.iso/.test(text), "no debian.iso");
  assertEquals(await scene.tree("state"), []);
  assertEquals((await json("list")).map(({ id }) => id), [2, 3, 4]);
});

Deno.test("top: a manager that goes away is told, and one that comes back is shown", async () => {
  await using scene = await Scene.open();
  const { tm, port } = await fixture(scene);
  await using screen = await Screen.open(scene, 80, 12);
  await top(screen, port);
  tm.signal("SIGTERM");
  await tm.end();
  await screen.shows(`No manager at 127.0.0.1:${port}; start one with tm daemon`);
  await screen.shows("trying again)");
  assertStringIncludes(await screen.text(), LIST);
  await daemon(scene, port);
  await screen.until((text) => !text.includes("trying again"), "a manager");
  await screen.is(screenOf(12, `${title(port)}\n${LIST}`, KEYS));
  await screen.press("C-c");
  // what is typed before that is still top's
  await screen.until((text) => /\$ *$/.test(text), "the shell");
  await screen.run("clear; echo code $?");
  await screen.shows("code 0");
});

Deno.test("top: Ctrl-Z twice stops it, fg shows it again; SIGTERM gives the screen back", async () => {
  await using scene = await Scene.open();
  const { port } = await fixture(scene);
  await using screen = await Screen.open(scene, 80, 12);
  await top(screen, port);
  await screen.press("C-z");
  await screen.shows("Ctrl-Z once more stops tm top here");
  assertEquals(await screen.property("#{alternate_on} #{cursor_flag}"), "0 1");
  await screen.press("C-z");
  await screen.shows("Stopped");
  await screen.run("fg");
  await screen.is(screenOf(12, `${title(port)}\n${LIST}`, KEYS));
  // any other key
  await screen.press("C-z");
  await screen.shows("Ctrl-Z once more");
  await screen.press("Down");
  await screen.is(screenOf(12, `${title(port)}\n${LIST}`, KEYS));
  await screen.run("");
  await screen.shows(">details: debian.iso");
  await screen.press("C-z");
  await screen.shows("Ctrl-Z once more");
  await screen.press("C-z");
  await screen.shows("Stopped");
  await screen.run("clear; kill %1; fg");
  await screen.until((text) => /\$ *$/.test(text), "the shell");
  await screen.run("clear; stty -a | grep -o ' icanon'");
  await screen.is(" icanon\n$");
  assertEquals(await screen.property("#{alternate_on} #{cursor_flag}"), "0 1");
});

Deno.test("top: colours unless NO_COLOR is set", async () => {
  await using scene = await Scene.open();
  const { port } = await fixture(scene);
  await using screen = await Screen.open(scene, 80, 12);
  // deno-lint-ignore no-control-regex -- colours
  const color = /\x1b\[[\d;]+m/;
  await top(screen, port);
  assertMatch(await screen.painted(), color);
  await screen.type("q");
  await screen.until((text) => text.endsWith("$"), "the shell");
  await screen.run("export NO_COLOR=1");
  await top(screen, port);
  assertEquals(color.test(await screen.painted()), false);
});

Deno.test("top: is refused where there is no terminal (28), and without a manager (6)", async () => {
  await using scene = await Scene.open();
  assertFailure(
    await scene.run(["top"]),
    28,
    "Expected a terminal for tm top; tm list prints once",
  );
  assertFailure(await scene.run(["top", "--json"]), 28, "tm list --json is for scripts");
  await using screen = await Screen.open(scene, 80, 12);
  await screen.run(`clear; ${binary("tm")} top --host unix:none; echo code $?`);
  await screen.shows("code 6");
  assertStringIncludes(await screen.text(), "Error: No manager at unix:none; start one");
});
