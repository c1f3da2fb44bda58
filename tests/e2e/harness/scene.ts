import { dirname } from "@std/path";
import type { Bytes } from "../../../src/base/mod.ts";
import { binary } from "./binary.ts";
import { type Launch, type Result, Tm } from "./tm.ts";
import type { TestTorrent } from "./torrent.ts";

/** A temporary folder and the programs that run in it; all gone at the end of a test. */
export class Scene implements AsyncDisposable {
  readonly #running: Tm[] = [];
  readonly #mounts: string[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Scene> {
    // The real path: on some systems the temporary folder is behind a link.
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "tm-e2e-" }));
    await Deno.chmod(folder, 0o755);
    return new Scene(folder);
  }

  /** Absolute path of something in the scene. */
  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** Writes a file and the folders above it; its absolute path. */
  async write(name: string, content: Bytes | string): Promise<string> {
    const path = this.path(name);
    await Deno.mkdir(dirname(path), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(path, content);
    else await Deno.writeFile(path, content);
    return path;
  }

  /** Writes a torrent's file; its absolute path. */
  torrent(torrent: TestTorrent, name = "test.torrent"): Promise<string> {
    return this.write(name, torrent.bytes);
  }

  /** Writes a torrent's data below `folder`. */
  async data(torrent: TestTorrent, folder: string): Promise<void> {
    for (const [path, bytes] of torrent.files) {
      await this.write([folder, torrent.name, ...path].join("/"), bytes);
    }
  }

  /** Starts `tm` with the scene as its current folder. */
  start(args: readonly string[], launch: Launch = {}): Tm {
    const tm = new Tm(args, { cwd: this.folder, ...launch });
    this.#running.push(tm);
    return tm;
  }

  /** Runs `tm` to its end. */
  run(args: readonly string[], launch: Launch = {}): Promise<Result> {
    return this.start(args, launch).end();
  }

  /** A copy of `tm` that every user can reach: the project may lie in somebody's private folder. */
  async publicProgram(): Promise<string> {
    const path = this.path("tm");
    await Deno.copyFile(binary("tm"), path);
    await Deno.chmod(path, 0o755);
    return path;
  }

  /** A `tm seed` of a torrent that is complete in `folder`; its `host:port`. */
  async seed(torrentPath: string, folder: string, ...options: string[]): Promise<string> {
    const seed = this.start([
      "seed",
      torrentPath,
      "-d",
      folder,
      "--json",
      "--listen-port",
      "0",
      ...options,
    ]);
    await seed.event("done");
    return `127.0.0.1:${await seed.port()}`;
  }

  /** Every path below a folder, sorted; `.tm` is left out, folders end in `/`, links in `@`. */
  async tree(name = "."): Promise<string[]> {
    const out: string[] = [];
    const walk = async (path: string, prefix: string): Promise<void> => {
      for await (const entry of Deno.readDir(path)) {
        if (entry.name === ".tm") continue;
        const shown = prefix + entry.name;
        out.push(entry.isSymlink ? `${shown}@` : entry.isDirectory ? `${shown}/` : shown);
        if (entry.isDirectory) await walk(`${path}/${entry.name}`, `${shown}/`);
      }
    };
    await walk(this.path(name), "");
    return out.sort();
  }

  /** Mounts a small disk of our own at `name`; needs root. */
  async mount(name: string, size: string): Promise<string> {
    const path = this.path(name);
    await Deno.mkdir(path, { recursive: true });
    await system("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path);
    this.#mounts.push(path);
    return path;
  }

  /** Gives a mounted disk other options. */
  async remount(path: string, options: string): Promise<void> {
    await system("mount", "-o", `remount,${options}`, path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#running.map((tm) => tm.kill()));
    for (const path of this.#mounts) await system("umount", path);
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Runs a program of the system; throws with its words when it fails. */
export async function system(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  if (success) return new TextDecoder().decode(stdout);
  const words = new TextDecoder().decode(stderr).trim();
  throw new Error(`Expected ${command} ${args.join(" ")} to succeed: ${words}`);
}
