import { fromFileUrl } from "@std/path";

/** What the seeder saw of one download: payload bytes sent, and seconds from the first to the last. */
export interface Transfer {
  readonly bytes: number;
  readonly seconds: number;
}

/** Seconds to hash the payload and listen. */
const START_SECONDS = 120;

/** A fast libtorrent seeder of one payload, as a process; it makes the torrent, too. */
export class Seeder implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #rest = "";
  #port = 0;

  private constructor(payload: string, torrent: string, announce: string, pieceLength: number) {
    const script = fromFileUrl(new URL("python/libtorrent_seeder.py", import.meta.url));
    this.#child = new Deno.Command("/usr/bin/python3", {
      args: [script, payload, torrent, announce, `${pieceLength}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async start(
    payload: string,
    torrent: string,
    announce: string,
    pieceLength: number,
  ): Promise<Seeder> {
    const seeder = new Seeder(payload, torrent, announce, pieceLength);
    const timer = setTimeout(() => seeder.#child.kill("SIGKILL"), START_SECONDS * 1000);
    try {
      seeder.#port = Number((await seeder.#line()).replace(/^port /, ""));
    } finally {
      clearTimeout(timer);
    }
    return seeder;
  }

  get port(): number {
    return this.#port;
  }

  /** The transfer since this was last asked. */
  async transfer(): Promise<Transfer> {
    await this.#writer.write(new TextEncoder().encode("\n"));
    return JSON.parse(await this.#line()) as Transfer;
  }

  /** The end of its input is its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#child.status;
    clearTimeout(timer);
    await this.#lines.cancel();
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return line;
      }
      const { value, done } = await this.#lines.read();
      if (done) throw new Error("Expected a line from the libtorrent seeder, got its end");
      this.#rest += value;
    }
  }
}
