import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Bytes, utf8 } from "../../../src/base/mod.ts";
import type { Keyboard, KeyboardMode } from "../../../src/cli/environment.ts";
import { RemoteError } from "../../../src/remote/mod.ts";
import { FakeManager, torrent } from "../fake_manager.ts";
import type { World } from "../world.ts";

const ENTER = "\x1b[?1049h";
const LEAVE = "\x1b[?1049l";

/** A keyboard on which a test types. */
class FakeKeyboard implements Keyboard {
  readonly modes: KeyboardMode[] = [];
  #waiting: ((bytes: Bytes | null) => void) | null = null;
  #change: ((change: "size" | "continued") => void) | null = null;
  #crash: (() => void) | null = null;

  setMode(mode: KeyboardMode): void {
    this.modes.push(mode);
  }

  read(): Promise<Bytes | null> {
    return new Promise((resolve) => this.#waiting = resolve);
  }

  onChange(handler: (change: "size" | "continued") => void): () => void {
    this.#change = handler;
    return () => this.#change = null;
  }

  onCrash(handler: () => void): () => void {
    this.#crash = handler;
    return () => this.#crash = null;
  }

  /** Null is the end of the terminal. */
  async type(text: string | null): Promise<void> {
    this.#waiting!(text === null ? null : utf8(text));
    await settled();
  }

  change(change: "size" | "continued"): void {
    this.#change!(change);
  }

  crash(): void {
    this.#crash!();
  }

  get subscribed(): boolean {
    return this.#change !== null || this.#crash !== null;
  }
}

/** Everything that waits for nothing but its turn has had it. */
async function settled(): Promise<void> {
  for (let i = 0; i < 200; i++) await Promise.resolve();
}

/** `tm top` on a terminal, with two torrents. */
async function start(manager = new FakeManager(), ...args: string[]) {
  manager.torrents = [torrent(1, "alpha"), torrent(2, "bravo")];
  const world = manager.world().onTerminal();
  const keyboard = new FakeKeyboard();
  world.keyboard = keyboard;
  const code = world.run("top", ...args);
  while (!world.stdout.text.includes("alpha") && !manager.closed) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { manager, world, keyboard, code };
}

/** What is written by `act`. */
async function written(world: World, act: () => unknown): Promise<string> {
  const before = world.stdout.text.length;
  await act();
  await settled();
  return world.stdout.text.slice(before);
}

Deno.test("top: takes the screen, shows the torrents, gives it back and lets go of everything", async () => {
  const { manager, world, keyboard, code } = await start();
  const { text } = world.stdout;
  assert(text.startsWith(ENTER));
  assertStringIncludes(text, ">  1 alpha");
  assertStringIncludes(await written(world, () => keyboard.type("\x1b[B")), ">  2 bravo");
  await keyboard.type("q");
  assertEquals(await code, 0);
  assert(world.stdout.text.endsWith(LEAVE));
  assertEquals(keyboard.modes, ["keys", "lines"]);
  assertEquals(
    [keyboard.subscribed, world.signalHandlers, world.pendingTimers, manager.closed],
    [false, 0, 0, 1],
  );
  assertEquals(world.log, ["revoke"]);
});

Deno.test("top: nothing is drawn while nothing changes", async () => {
  const { world, keyboard, code } = await start();
  assertEquals(await written(world, () => world.advance(1000)), "");
  await keyboard.type("\x03");
  assertEquals(await code, 0);
});

Deno.test("top: asks for what changed only, and once a second", async () => {
  const { manager, world, keyboard, code } = await start();
  manager.calls.length = 0;
  for (let i = 0; i < 3; i++) {
    world.advance(1000);
    await settled();
  }
  assertEquals(manager.calls.map(({ method, args }) => [method, args["ids"]]), [
    ["torrent-get", "recently-active"],
    ["torrent-get", "recently-active"],
    ["torrent-get", "recently-active"],
  ]);
  await keyboard.type("q");
  await code;
});

Deno.test("top: is refused without a terminal, with --json and with an argument", async () => {
  const manager = new FakeManager();
  const refused = async (words: string, prepare: (world: World) => void, ...args: string[]) => {
    const world = manager.world().onTerminal();
    world.keyboard = new FakeKeyboard();
    prepare(world);
    assertEquals(await world.run("top", ...args), 28);
    assertStringIncludes(world.stderr.text, words);
    assertEquals(world.stdout.text.includes(ENTER), false);
  };
  const none = () => {};
  await refused("Expected a terminal for tm top; tm list prints once", (world) => {
    world.keyboard = null;
  });
  await refused("Expected a terminal", (world) => world.stdout.isTerminal = false);
  await refused("tm list --json", none, "--json");
  await refused("Expected no argument, got 3", none, "3");
  assertEquals(manager.calls, []);
});

Deno.test("top: without a manager it ends before the screen is taken", async () => {
  const manager = new FakeManager();
  const world = manager.world().onTerminal();
  world.keyboard = new FakeKeyboard();
  world.manager = () => ({
    send: () => Promise.reject(new RemoteError("unreachable", "No manager at 127.0.0.1:9091")),
    close: () => {},
  });
  assertEquals(await world.run("top"), 6);
  assertEquals(world.stdout.text, "");
});

Deno.test("top: a lost manager is shown, and healed from", async () => {
  const { manager, world, keyboard, code } = await start();
  manager.reply = () => Promise.reject(new RemoteError("unreachable", "No manager at HERE"));
  assertStringIncludes(
    await written(world, () => world.advance(1000)),
    "No manager at HERE (no answer for 0s, trying again)",
  );
  manager.reply = null;
  manager.torrents = [torrent(3, "charlie")];
  const healed = await written(world, () => world.advance(1000));
  assertStringIncludes(healed, ">  3 charlie");
  // the line of the message
  assertStringIncludes(healed, "\x1b[23;1H\x1b[K");
  await keyboard.type("q");
  await code;
});

Deno.test("top: another password ends it: wrong ones are counted", async () => {
  const { manager, world, code } = await start();
  manager.auth = "me:other";
  world.advance(1000);
  assertEquals(await code, 24);
  assert(world.stdout.text.endsWith(LEAVE));
  assertStringIncludes(world.stderr.text, "wants a name and a password");
});

Deno.test("top: answers that make no sense are told, and do not end it but at the start", async () => {
  const { manager, world, keyboard, code } = await start();
  manager.answers["torrent-get"] = () => ({ torrents: [[]] });
  const told = await written(world, () => world.advance(1000));
  assertStringIncludes(told, "The manager's answer makes no sense: expected an object");
  delete manager.answers["torrent-get"];
  manager.session = { units: [] };
  manager.torrents = [torrent(3, "charlie")];
  const back = await written(world, () => world.advance(1000));
  assertStringIncludes(back, ">  3 charlie");
  await keyboard.type("q");
  assertEquals(await code, 0);

  const again = manager.world().onTerminal();
  again.keyboard = new FakeKeyboard();
  assertEquals(await again.run("top"), 22);
  assertEquals(again.stdout.text, "");
});

Deno.test("top: what the manager refuses is told", async () => {
  const { manager, world, keyboard, code } = await start();
  manager.answers["torrent-stop"] = () => "not today";
  assertStringIncludes(await written(world, () => keyboard.type("p")), "not today");
  await keyboard.type("q");
  await code;
});

Deno.test("top: a signal, the end of the terminal and a crash give the screen back", async () => {
  const interrupted = await start();
  interrupted.world.interrupt();
  assertEquals(await interrupted.code, 0);
  assert(interrupted.world.stdout.text.endsWith(LEAVE));

  const hungUp = await start();
  await hungUp.keyboard.type(null);
  assertEquals(await hungUp.code, 0);

  const crashed = await start();
  crashed.keyboard.crash();
  assert(crashed.world.stdout.text.endsWith(LEAVE));
  assertEquals(crashed.keyboard.modes.at(-1), "lines");
  crashed.world.interrupt();
  assertEquals(await crashed.code, 0);
});

Deno.test("top: an error inside gives the screen back and is told", async () => {
  const { world, keyboard, code } = await start();
  keyboard.setMode = (mode) => {
    keyboard.modes.push(mode);
    if (mode === "signals") throw new Error("It broke");
  };
  await keyboard.type("\x1a");
  assertEquals(await code, 1);
  assertStringIncludes(world.stdout.text.slice(-300), LEAVE);
  assertStringIncludes(world.stderr.text, "It broke");
  assertEquals(keyboard.modes.at(-1), "lines");
});

Deno.test("top: Ctrl-Z leaves the screen, the next key or the shell's fg takes it again", async () => {
  const { world, keyboard, code } = await start();
  const left = await written(world, () => keyboard.type("\x1a"));
  assertStringIncludes(left, LEAVE);
  assertStringIncludes(left, "Ctrl-Z once more");
  assertEquals(keyboard.modes.at(-1), "signals");
  // it goes on asking, and draws nothing
  assertEquals(await written(world, () => world.advance(1000)), "");
  const back = await written(world, () => keyboard.type("X"));
  assertStringIncludes(back, ENTER);
  assertStringIncludes(back, "alpha");
  // the key did nothing else
  assertEquals(back.includes("DELETE"), false);
  await keyboard.type("\x1a");
  assertStringIncludes(await written(world, () => keyboard.change("continued")), "alpha");
  assertEquals(keyboard.modes.at(-1), "keys");
  await keyboard.type("q");
  assertEquals(await code, 0);
});

Deno.test("top: another size is drawn at once, or with the next picture", async () => {
  const { world, keyboard, code } = await start();
  world.columns = 40;
  world.rows = 10;
  const told = await written(world, () => keyboard.change("size"));
  assertStringIncludes(told, "\x1b[2J");
  assertStringIncludes(told, "\x1b[10;1H ? keys");
  world.rows = 12;
  assertStringIncludes(await written(world, () => world.advance(1000)), "\x1b[12;1H ? keys");
  await keyboard.type("q");
  await code;
});

Deno.test("top: a lone Escape is one after a moment", async () => {
  const { world, keyboard, code } = await start();
  await keyboard.type("?");
  assertEquals(await written(world, () => keyboard.type("\x1b")), "");
  assertStringIncludes(await written(world, () => world.advance(50)), "alpha");
  await keyboard.type("q");
  await code;
});

Deno.test("top: no colours with NO_COLOR, the cursor's torrent inverse with them", async () => {
  // deno-lint-ignore no-control-regex -- colours
  const colors = /\x1b\[\d+m/;
  const plain = await start();
  assertEquals(colors.test(plain.world.stdout.text), false);
  await plain.keyboard.type("q");
  const manager = new FakeManager();
  manager.torrents = [torrent(1, "alpha")];
  const world = manager.world().onTerminal();
  world.noColor = false;
  const keyboard = new FakeKeyboard();
  world.keyboard = keyboard;
  const code = world.run("top");
  while (!world.stdout.text.includes("alpha")) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertStringIncludes(world.stdout.text, "\x1b[7m>  1 alpha");
  await keyboard.type("q");
  assertEquals([await code, await plain.code], [0, 0]);
});
