import { assert, assertEquals } from "@std/assert";
import { DiskClient, DiskError } from "../../src/storage/mod.ts";
import { sampleTorrent } from "../contracts/sample_torrent.ts";
import { crashSample } from "./crash_sample.ts";
import { PLAIN, TempFolder } from "./bench.ts";

/** A process of `tests/storage/processes`, its lines of output as they come. */
class Helper implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;

  constructor(script: string, ...args: string[]) {
    const path = new URL(`./processes/${script}`, import.meta.url).pathname;
    const grants = ["--allow-read", "--allow-write", "--allow-sys=statfs", "--no-prompt"];
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", ...grants, path, ...args],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = lines(this.#child.stdout);
  }

  /** The next line, null at the end. */
  async next(): Promise<string | null> {
    const { value, done } = await this.#lines.next();
    return done ? null : value;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It ended by itself.
    }
    await this.#child.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#lines.return(undefined);
    await this.#child.stdin.close().catch(() => {});
    if (!this.#child.stdout.locked) await this.#child.stdout.cancel();
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as never)) {
    const parts = (rest + String(text)).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}

/** Without the permission to run programs these tests are counted as ignored. */
const mayRun = Deno.permissions.querySync({ name: "run" }).state === "granted";

function isRoot(): boolean {
  using temp = new TempFolder();
  return Deno.build.os === "linux" && Deno.statSync(temp.path).uid === 0;
}

Deno.test("a second process is refused the torrent, and gets it when the first is killed", {
  ignore: !mayRun,
}, async () => {
  using temp = new TempFolder();
  const hash = "c".repeat(40);
  await using first = new Helper("hold_lock.ts", temp.path, hash);
  assertEquals(await first.next(), "locked");
  {
    await using second = new Helper("hold_lock.ts", temp.path, hash);
    assertEquals(await second.next(), "refused");
    await using other = new Helper("hold_lock.ts", temp.path, "d".repeat(40));
    assertEquals(await other.next(), "locked");
  }
  await first.kill();
  await using third = new Helper("hold_lock.ts", temp.path, hash);
  assertEquals(await third.next(), "locked");
});

Deno.test("a download killed ten times loses no recorded piece and ends with the right bytes", {
  ignore: !mayRun,
}, async () => {
  using temp = new TempFolder();
  const sample = await crashSample();
  let recorded = 0;
  for (let round = 0; round < 11; round++) {
    await using helper = new Helper("download.ts", temp.path);
    const first = await helper.next();
    const started = Number(/^start (\d+)$/.exec(first ?? "")?.[1] ?? NaN);
    assert(started >= recorded, `Expected at least ${recorded} pieces, got ${first}`);
    recorded = started;
    // Killed a little later each time, in the middle of whatever comes after that line.
    for (let n = 0; round < 10 && n <= round % 4; n++) {
      const line = await helper.next();
      recorded = Math.max(recorded, Number(/^good (\d+)$/.exec(line ?? "")?.[1] ?? 0));
    }
    if (round < 10) {
      await helper.kill();
      continue;
    }
    let line: string | null = null;
    for (let next = await helper.next(); next !== null; next = await helper.next()) line = next;
    assertEquals(line, "done");
  }
  sample.layout.files.forEach((file, i) => {
    assertEquals(Deno.readFileSync(`${temp.path}/${file.path.join("/")}`), sample.file(i));
  });
  assertEquals(Deno.readTextFileSync(`${temp.path}/t/b`).length, 1);
});

Deno.test({
  name: "a full file system is told with its path and what is missing, and works again when freed",
  ignore: !mayRun || !isRoot(), // only root may mount; the same behaviour is shown with a made-up disk for everyone
  fn: async () => {
    using temp = new TempFolder();
    const mount = (...args: string[]) =>
      new Deno.Command(args[0]!, { args: args.slice(1) }).output();
    const mounted = await mount("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", temp.path);
    assert(mounted.success);
    try {
      await fillAndFree(temp.path);
    } finally {
      await mount("umount", temp.path);
    }
  },
});

async function fillAndFree(folder: string): Promise<void> {
  const sample = await sampleTorrent([["t", 700_000]], 100_000);
  Deno.writeFileSync(`${folder}/ballast`, new Uint8Array(600_000));
  const client = await DiskClient.start(folder);
  try {
    const store = await client.open(sample.layout, PLAIN);
    const { needed, free } = await store.space();
    assert(free !== null && free < needed);
    let full: unknown = null;
    for (let i = 0; i < 7; i++) {
      await store.write(i, sample.piece(i)).catch((error) => full = error);
      if (full !== null) break;
    }
    assert(full instanceof DiskError);
    assertEquals([full.reason, full.path], ["disk-full", `${folder}/t`]);
    assert(full.missing !== null && full.missing > 0 && full.missing <= 700_000);
    Deno.removeSync(`${folder}/ballast`);
    for (let i = 0; i < 7; i++) await store.write(i, sample.piece(i));
    await store.sync();
    assertEquals((await store.check("all")).full, true);
  } finally {
    await client.close();
  }
}
