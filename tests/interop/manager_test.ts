/** The commands for a manager against transmission-daemon 3.00, and what it then says itself. Arguments as in `suite.ts`. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { transmission } from "./clients/transmission.ts";
import { Loopback } from "./harness/host.ts";
import { isChosen, options, temporaryFolder } from "./harness/options.ts";
import { requirePrograms } from "./harness/requirements.ts";
import { findTm } from "./harness/tm.ts";
import { until } from "./harness/until.ts";

/** Seconds for hashing a few kilobytes on a busy machine. */
const PATIENCE = 30;
const HASH = "0123456789abcdef0123456789abcdef01234567";

/** What of a client's API this test uses beyond what all clients have. */
interface Daemon {
  readonly api: string;
  call(method: string, args: unknown): Promise<Record<string, unknown>>;
}

/** Runs tm to its end; its standard output, or with another `code` its standard error. */
type Tm = (args: readonly string[], code?: number) => Promise<string>;

function runner(tm: string, host: string): Tm {
  return async (args, expected = 0) => {
    const [verb = "", ...rest] = args;
    const { code, stdout, stderr } = await new Deno.Command(tm, {
      args: [verb, ...rest, "--host", host],
      stdin: "null",
      env: { NO_COLOR: "1" },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals(code, expected, `tm ${args.join(" ")}\n${out}${err}`);
    return (expected === 0 ? out : err) ?? "";
  };
}

async function scene(stack: AsyncDisposableStack) {
  requirePrograms(transmission.requirements);
  const tm = findTm(options.tm);
  const folder = await temporaryFolder(stack);
  await Deno.mkdir(`${folder}/show/extras`, { recursive: true });
  await Deno.writeFile(`${folder}/show/a.bin`, new Uint8Array(100_000).fill(7));
  await Deno.writeFile(`${folder}/show/extras/b.txt`, new Uint8Array(50_000).fill(8));
  const torrent = `${folder}/show.torrent`;
  const make = ["create", `${folder}/show`, "-o", torrent, "-l", "16K"];
  const made = await new Deno.Command(tm, { args: make, stdout: "null" }).output();
  assertEquals(made.code, 0);
  const daemon = stack.use(await transmission.start(new Loopback(), folder)) as unknown as Daemon;
  const run = runner(tm, new URL(daemon.api).host);
  const torrents = async (...fields: string[]) =>
    (await daemon.call("torrent-get", { fields }))["torrents"] as Record<string, unknown>[];
  return { folder, torrent, run, daemon, torrents };
}

Deno.test({
  name: "tm drives transmission-daemon: torrents come, are shown, changed, moved and go",
  ignore: !isChosen("Transmission"),
  async fn() {
    await using stack = new AsyncDisposableStack();
    const { folder, torrent, run, torrents } = await scene(stack);
    assertEquals(
      await run(["add", torrent, HASH, "--label", "x,y"]),
      `Added 1 show\nAdded 2 ${HASH}\n`,
    );
    assertEquals(await run(["add", torrent]), "There already: 1 show\n");
    assertEquals((await torrents("labels"))[0], { labels: ["x", "y"] });

    // what lies in the folder is found
    await until("the check of show", PATIENCE, async () => {
      const [line = "{}"] = (await run(["list", "--json", "show"])).split("\n");
      const { state, left } = JSON.parse(line);
      return state === "seeding" && left === 0;
    });
    assertMatch(await run(["list"]), /^ 1 +100% +146K .* seeding +x,y +show$/m);
    assertStringIncludes(await run(["status", "show"]), `Folder       ${folder}\n`);
    assertMatch(await run(["files", "1"]), /^ 2 +100% +48.8K +normal +show\/extras\/b\.txt$/m);
    assertStringIncludes(await run(["why", "1", "2"]), `${HASH}: metadata 0%\n  1. `);
    assertStringIncludes(await run(["peers", "1"]), "No peer is connected");
    assertStringIncludes(await run(["trackers", "1"]), "It has no tracker");

    await run(["pause", "all"]);
    await until(
      "both to stop",
      PATIENCE,
      async () => (await torrents("status")).every(({ status }) => status === 0),
    );
    await run(["resume", "label:x", "--now"]);
    await run(["select", "show", "*.txt"]);
    await run(["priority", "show", "high", "extras/b.txt"]);
    const chosen = (await torrents("wanted", "priorities"))[0];
    assertEquals(chosen, { wanted: [0, 1], priorities: [0, 1] });
    await run(["priority", "1", "low"]);
    await run(["label", "--remove", "1", "x"]);
    await run(["queue", "2", "top"]);
    const fields = ["bandwidthPriority", "labels", "queuePosition"];
    const changed = { bandwidthPriority: -1, labels: ["y"], queuePosition: 1 };
    assertEquals((await torrents(...fields))[0], changed);
    await run(["trackers", "2", "--add", "http://127.0.0.1:1/announce"]);
    assertMatch(await run(["trackers", "2"]), /^ 1 .* http:\/\/127\.0\.0\.1:1\/announce$/m);

    await Deno.mkdir(`${folder}/new`);
    await run(["move", "1", `${folder}/new`]);
    await until("the move", PATIENCE, () => Deno.stat(`${folder}/new/show/a.bin`).then(() => true));
    await run(["rename", "1", "1", "c.bin"]);
    await run(["rename", "1", "film"]);
    await until(
      "the new names",
      PATIENCE,
      () => Deno.stat(`${folder}/new/film/c.bin`).then(() => true),
    );
    await run(["verify", "film"]);
    await run(["reannounce", "1"]);

    assertStringIncludes(await run(["remove", "7"], 3), "No torrent 7");
    assertEquals(await run(["remove", "2"]), `Removed 2 ${HASH}\n`);
    assertEquals(await run(["remove", "--data", "film"]), "Removed, with its data, 1 film\n");
    assertEquals(await torrents("id"), []);
    await until(
      "its files to go",
      PATIENCE,
      () => Deno.stat(`${folder}/new/film/c.bin`).then(() => false, () => true),
    );
  },
});

Deno.test({
  name: "tm drives transmission-daemon: limits, settings and figures of the whole",
  ignore: !isChosen("Transmission"),
  async fn() {
    await using stack = new AsyncDisposableStack();
    const { torrent, run, daemon, torrents } = await scene(stack);
    await run(["add", torrent, "--paused"]);
    const limited = ["--down", "2M", "--up", "off", "--alt-down", "100K", "--seed-ratio", "1.5"];
    await run(["limit", ...limited, "--schedule", "mon-fri@08:00-17:00"]);
    const session = await daemon.call("session-get", {});
    const expected = {
      "speed-limit-down": 2097,
      "speed-limit-down-enabled": true,
      "speed-limit-up-enabled": false,
      "alt-speed-down": 102,
      "alt-speed-time-enabled": true,
      "alt-speed-time-day": 62,
      "alt-speed-time-begin": 480,
      "alt-speed-time-end": 1020,
      "seedRatioLimit": 1.5,
      "seedRatioLimited": true,
    };
    for (const [key, value] of Object.entries(expected)) assertEquals(session[key], value, key);
    assertStringIncludes(await run(["limit"]), "Schedule     mon-fri 08:00-17:00\n");
    await run(["limit", "1", "--up", "64K", "--seed-idle", "30", "--session-limits", "off"]);
    const own = ["uploadLimit", "uploadLimited", "seedIdleMode", "seedIdleLimit"];
    const set = { uploadLimit: 66, uploadLimited: true, seedIdleMode: 1, seedIdleLimit: 30 };
    assertEquals(await torrents(...own, "honorsSessionLimits"), [{
      ...set,
      honorsSessionLimits: false,
    }]);
    assertStringIncludes(await run(["limit", "--max-day", "1G"], 28), "has no max-day");

    assertStringIncludes(await run(["session"]), "version 3.00");
    assertEquals(await run(["session", "download-queue=3"]), "download-queue  3\n");
    assertEquals((await daemon.call("session-get", {}))["download-queue-size"], 3);
    assertStringIncludes(await run(["stats"]), "Torrents  1, 0 active, 1 paused\n");
    assertStringIncludes(await run(["why", "1"]), "1. it is paused");
    assertEquals(
      await run(["session", "--shutdown"]),
      `The manager at ${new URL(daemon.api).host} stops\n`,
    );
    await until("the end", PATIENCE, () => run(["list"], 6).then(() => true));
  },
});
