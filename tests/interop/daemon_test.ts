/**
 * `tm daemon` as its users' programs drive it, with a seed it downloads from: transmission-remote 3.00, the npm library
 * `@ctrl/transmission`, and the calls that Sonarr makes. Arguments as in `suite.ts`.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Transmission } from "@ctrl/transmission";
import { Loopback } from "./harness/host.ts";
import { isChosen, options, temporaryFolder } from "./harness/options.ts";
import type { Program } from "./harness/program.ts";
import { requirePrograms } from "./harness/requirements.ts";
import { findTm } from "./harness/tm.ts";
import { until } from "./harness/until.ts";

/** Seconds for a few hundred kilobytes on a busy machine. */
const PATIENCE = 30;
const USER = "me";
const PASSWORD = "secret";
const FILM = new Uint8Array(300_000).map((_, i) => i * i);
const NOTES = new Uint8Array(50_000).fill(8);

/** A manager, a tracker and a seed of one torrent with two files. */
interface Scene {
  /** `host:port` of the manager. */
  readonly manager: string;
  /** The manager's folder. */
  readonly folder: string;
  readonly torrent: string;
  readonly tracker: string;
}

async function scene(stack: AsyncDisposableStack): Promise<Scene> {
  const tm = findTm(options.tm);
  const temporary = await temporaryFolder(stack);
  const host = new Loopback();
  const start = (name: string, ...args: string[]): Program => {
    const command = [tm, name, ...args, "--json"];
    const program = host.start({ name, command, folder: temporary, cwd: temporary });
    stack.defer(async () => void await program.stop());
    return program;
  };
  const event = (program: Program, type: string) =>
    until(`${program.name} to say ${type}`, PATIENCE, () => {
      program.assertRunning();
      return program.events().find((one) => one["type"] === type);
    }, () => program.tail());

  await Deno.mkdir(`${temporary}/seed/show/extras`, { recursive: true });
  await Deno.writeFile(`${temporary}/seed/show/film.bin`, FILM);
  await Deno.writeFile(`${temporary}/seed/show/extras/notes.txt`, NOTES);
  const tracker = String(
    (await event(start("tracker", "--listen", "127.0.0.1:0"), "listening"))["url"],
  );
  const torrent = `${temporary}/show.torrent`;
  const { code } = await new Deno.Command(tm, {
    args: ["create", `${temporary}/seed/show`, "-o", torrent, "-l", "16K", "-a", tracker],
    stdout: "null",
  }).output();
  assertEquals(code, 0);
  const alone = ["--no-dht", "--no-lsd", "--listen-port", "0"];
  await event(start("seed", torrent, "-d", `${temporary}/seed`, ...alone), "done");
  const folder = `${temporary}/state`;
  const rpc = ["--rpc", "127.0.0.1:0", "--rpc-auth", `${USER}:${PASSWORD}`];
  const ready = await event(start("daemon", "-d", folder, ...rpc, ...alone), "ready");
  return { manager: new URL(String(ready["place"])).host, folder, torrent, tracker };
}

Deno.test({
  name: "transmission-remote has tm daemon download, change, heal, move and delete a torrent",
  ignore: !isChosen("Transmission"),
  async fn() {
    requirePrograms([{ program: "transmission-remote", debianPackage: "transmission-cli" }]);
    await using stack = new AsyncDisposableStack();
    const { manager, folder, torrent, tracker } = await scene(stack);
    const remote = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await new Deno.Command("transmission-remote", {
        args: [manager, "-n", `${USER}:${PASSWORD}`, ...args],
        env: { LC_ALL: "C.UTF-8" },
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
      assertEquals(code, 0, `transmission-remote ${args.join(" ")}\n${out}${err}`);
      return out ?? "";
    };
    const success = async (...args: string[]) =>
      assertStringIncludes(await remote(...args), 'responded: "success"', args.join(" "));
    const says = (words: RegExp, ...args: string[]) =>
      until(`transmission-remote ${args.join(" ")} to say ${words}`, PATIENCE, async () => {
        const text = await remote(...args);
        return words.test(text) ? text : null;
      }, () => remote(...args));

    // slow, so that there is something to see on the way
    await success("-d", "30");
    await success("-u", "500");
    await success("-a", torrent);
    await says(/^127\.0\.0\.1 .* TorrentManager /m, "-t", "1", "-ip");
    await success("-D");
    await says(/^ +1 +100% .* show$/m, "-l");
    assertEquals(await Deno.readFile(`${folder}/show/film.bin`), FILM);
    assertEquals(await Deno.readFile(`${folder}/show/extras/notes.txt`), NOTES);

    const info = await says(/Percent Done: 100%/, "-t", "1", "-i");
    assertStringIncludes(info, "Name: show");
    assertStringIncludes(info, `Location: ${folder}`);
    const stats = await remote("-st");
    assertMatch(stats, /Downloaded: +350\.\d kB/);
    assertStringIncludes(await remote("-t", "1", "-it"), `Tracker 0: ${new URL(tracker).origin}`);
    assertMatch(await remote("-si"), /Upload speed limit: 500 kB\/s/);

    await success("-t", "1", "-u", "100");
    await success("-t", "1", "-L", "a,b");
    const changed = await remote("-t", "1", "-i");
    assertStringIncludes(changed, "Labels: a, b");
    assertStringIncludes(changed, "Upload Limit: 100 kB/s");
    for (const [option, word] of [["-ph", "High"], ["-pl", "Low"], ["-pn", "Normal"]] as const) {
      await success("-t", "1", option, "0");
      await says(new RegExp(`^ +0: 100% ${word} +Yes `, "m"), "-t", "1", "-if");
    }
    await success("-t", "1", "-G", "1");
    await says(/^ +1: +\d+% \w+ +No /m, "-t", "1", "-if");
    await success("-t", "1", "-g", "1");
    await says(/^ +1: 100% \w+ +Yes /m, "-t", "1", "-if");

    await success("-t", "1", "-S");
    await says(/ Stopped +show$/m, "-l");
    // a part of it goes bad: a check finds that, and the seed has it
    using file = await Deno.open(`${folder}/show/film.bin`, { write: true });
    await file.write(new Uint8Array(20_000));
    await success("-t", "1", "-v");
    await says(/^ +1 +(8|9)\d% .* Stopped +show$/m, "-l");
    await success("-t", "1", "-s");
    await says(/^ +1 +100% .* show$/m, "-l");
    assertEquals(await Deno.readFile(`${folder}/show/film.bin`), FILM);

    await success("-t", "1", "--move", `${folder}/films`);
    await says(new RegExp(`Location: ${folder}/films`), "-t", "1", "-i");
    assertEquals(await Deno.readFile(`${folder}/films/show/film.bin`), FILM);
    await success("-t", "1", "-r");
    assertEquals((await remote("-l")).includes("show"), false);
    // its files stayed, and are found
    await success("-w", `${folder}/films`, "-a", torrent);
    await says(/^ +2 +100% .* show$/m, "-l");
    await success("-t", "2", "-rad");
    await until(
      "its files to go",
      PATIENCE,
      () => Deno.stat(`${folder}/films/show/film.bin`).then(() => false, () => true),
    );
  },
});

Deno.test("the npm client has tm daemon download and delete a torrent", async () => {
  await using stack = new AsyncDisposableStack();
  const { manager, folder, torrent } = await scene(stack);
  const client = new Transmission({
    baseUrl: `http://${manager}/`,
    username: USER,
    password: PASSWORD,
  });
  // it names /downloads when it is not told
  await client.addTorrent(await Deno.readFile(torrent), { "download-dir": folder });
  const done = await until("the download", PATIENCE, async () => {
    const { torrents: [one] } = await client.getAllData();
    return one?.isCompleted ? one : null;
  });
  assertEquals([done.name, done.progress, done.savePath], ["show", 1, folder]);
  assertEquals(await Deno.readFile(`${folder}/show/film.bin`), FILM);
  await client.removeTorrent(done.id, true);
  await until("it to go", PATIENCE, async () => (await client.getAllData()).torrents.length === 0);
  assertEquals(await Deno.stat(`${folder}/show`).then(() => true, () => false), false);
});

Deno.test("the calls of Sonarr have tm daemon download into its folder and delete a torrent", async () => {
  await using stack = new AsyncDisposableStack();
  const { manager, folder, torrent } = await scene(stack);
  const url = `http://${manager}/transmission/rpc`;
  const authorization = `Basic ${btoa(`${USER}:${PASSWORD}`)}`;
  // how it logs in: a GET that must be a 409 with the session id
  const first = await fetch(url, { headers: { authorization } });
  await first.body?.cancel();
  assertEquals(first.status, 409);
  const session = { "X-Transmission-Session-Id": first.headers.get("X-Transmission-Session-Id")! };
  const call = async (method: string, args: Record<string, unknown> = {}) => {
    const body = JSON.stringify({ method, arguments: args });
    const headers = { authorization, "content-type": "application/json", ...session };
    const answer = await (await fetch(url, { method: "POST", headers, body })).json();
    assertEquals(answer.result, "success", method);
    return answer.arguments as Record<string, unknown>;
  };
  const { version } = await call("session-get");
  assertMatch(String(version), /^3\.00 /);
  const added = await call("torrent-add", {
    metainfo: (await Deno.readFile(torrent)).toBase64(),
    "download-dir": `${folder}/tv`,
    paused: false,
    labels: ["sonarr"],
  });
  const { hashString: hash } = added["torrent-added"] as { hashString: string };
  await call("torrent-set", { ids: [hash], seedRatioLimit: 1.5, seedRatioMode: 1 });
  await call("queue-move-top", { ids: [hash] });
  const fields = [
    ..."id hashString name downloadDir totalSize leftUntilDone isFinished eta status".split(" "),
    ..."secondsDownloading secondsSeeding errorString uploadedEver downloadedEver".split(" "),
    ..."seedRatioLimit seedRatioMode seedIdleLimit seedIdleMode fileCount labels".split(" "),
  ];
  const one = await until("the download", PATIENCE, async () => {
    const { torrents } = await call("torrent-get", { fields });
    const [found] = torrents as Record<string, unknown>[];
    return found?.["leftUntilDone"] === 0 && found["status"] === 6 ? found : null;
  });
  const { name, downloadDir, totalSize, fileCount, labels, seedRatioLimit, errorString } = one;
  assertEquals({ name, downloadDir, totalSize, fileCount, labels, seedRatioLimit, errorString }, {
    name: "show",
    downloadDir: `${folder}/tv`,
    totalSize: FILM.length + NOTES.length,
    fileCount: 2,
    labels: ["sonarr"],
    seedRatioLimit: 1.5,
    errorString: "",
  });
  assertEquals(await Deno.readFile(`${folder}/tv/show/film.bin`), FILM);
  await call("torrent-remove", { ids: [hash], "delete-local-data": true });
  await until("it to go", PATIENCE, async () => {
    const { torrents } = await call("torrent-get", { fields: ["id"] });
    return (torrents as unknown[]).length === 0;
  });
  assertEquals(await Deno.stat(`${folder}/tv/show`).then(() => true, () => false), false);
});
