import { run } from "../../tests/interop/harness/run.ts";

/**
 * A folder for the data of one run, gone afterwards. Without a place named for it, it is a file
 * system in memory, so that no disk is measured; one of our own, because Deno's permissions keep
 * programs out of everything below /dev, and so out of /dev/shm.
 */
export class Scratch implements AsyncDisposable {
  #mounted = false;

  private constructor(readonly folder: string) {}

  /** `place`: a folder on the disk to use. In memory needs root; `bytes` is its size. */
  static async create(place: string | undefined, bytes: number): Promise<Scratch> {
    const options = place === undefined ? {} : { dir: place };
    const scratch = new Scratch(await Deno.makeTempDir({ prefix: "tm-bench-", ...options }));
    if (place !== undefined) return scratch;
    try {
      const size = `size=${bytes},mode=0700`;
      await run(["mount", "-t", "tmpfs", "-o", size, "tm-bench", scratch.folder]);
      scratch.#mounted = true;
    } catch (error) {
      await scratch[Symbol.asyncDispose]();
      throw new Error("Cannot mount a file system in memory: run this as root, or pass --dir DIR", {
        cause: error,
      });
    }
    return scratch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Lazily: what a killed downloader still holds open goes when it is let go.
    if (this.#mounted) await run(["umount", "--lazy", this.folder]);
    this.#mounted = false;
    await Deno.remove(this.folder, { recursive: true });
  }
}
