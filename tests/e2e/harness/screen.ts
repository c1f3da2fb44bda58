/** A terminal in tmux: what is typed into it, and what is on its screen. */
import type { Scene } from "./scene.ts";

/** Milliseconds between two looks at a screen, and until what should be there is missed. */
const LOOK_MS = 25;
const PATIENCE_MS = 30_000;

/** A terminal with a shell in it, gone at the end of a test. */
export class Screen implements AsyncDisposable {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** Opens one of `columns` by `rows`, in the scene's folder. Throws when tmux is not there. */
  static async open(scene: Scene, columns: number, rows: number): Promise<Screen> {
    const screen = new Screen(scene.path("tmux"));
    const size = ["-x", String(columns), "-y", String(rows)];
    const shell = ["env", "PS1=$ ", "HISTFILE=", "bash", "--norc", "--noprofile"];
    await screen.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      ...size,
      "-c",
      scene.folder,
      ...shell,
    );
    await screen.until((text) => text.startsWith("$"), "the shell");
    return screen;
  }

  /** Types a line for the shell. */
  async run(line: string): Promise<void> {
    await this.type(line);
    await this.press("Enter");
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names: `Enter`, `Down`, `C-c`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Makes it another size. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** The screen, spaces at the ends of lines and empty lines at the end left out. */
  async text(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** The same with colours. */
  async painted(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p", "-e")).trimEnd();
  }

  /** What tmux says of the terminal, as a format: `#{cursor_flag}`. */
  async property(format: string): Promise<string> {
    return (await this.#tmux("display-message", "-p", format)).trimEnd();
  }

  /** Waits until the screen is as `wanted` says, and returns it. */
  async until(wanted: (text: string) => boolean, what: string): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    let text = await this.text();
    while (!wanted(text)) {
      if (performance.now() > deadline) throw new Error(`Expected ${what}, got:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      text = await this.text();
    }
    return text;
  }

  /** Waits for words on it. */
  shows(words: string): Promise<string> {
    return this.until((text) => text.includes(words), `"${words}" on the screen`);
  }

  /** Waits until it is exactly this. */
  async is(expected: string): Promise<void> {
    await this.until((text) => text === expected, `the screen\n${expected}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
  }

  async #tmux(...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-u", "-S", this.#socket, ...args],
      clearEnv: true,
      env: { LC_ALL: "C.UTF-8", PATH: "/usr/bin:/bin", TERM: "xterm" },
    }).output().catch((error: unknown) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new Error("Expected tmux, got nothing: install the Debian package tmux");
    });
    if (success) return new TextDecoder().decode(stdout);
    const words = new TextDecoder().decode(stderr).trim();
    throw new Error(`Expected tmux ${args.join(" ")} to work: ${words}`);
  }
}
