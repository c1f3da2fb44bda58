/** The loop around the model of `tm top`: keys, answers and time go in, calls and pictures come out. */
import { messageOf } from "../../base/mod.ts";
import { type JsonObject, RemoteError, type RemoteManager } from "../../remote/mod.ts";
import type { Environment, Keyboard } from "../environment.ts";
import { loadWidths } from "../printable.ts";
import type { Terminal } from "../terminal.ts";
import { type Call, call, readSession, textsOf } from "./calls.ts";
import { type Input, KeyReader } from "./keys.ts";
import { type Event, initialState, type Request, type TopState } from "./model.ts";
import { Painter } from "./painter.ts";
import { update } from "./update.ts";
import { render } from "./view.ts";

const TICK_MS = 1000;
/** A sequence of a key is here within that time, or it was the Escape key. */
const ESCAPE_MS = 50;
const SUSPENDED = "Ctrl-Z once more stops tm top here, any other key shows it again\n";
/** Faults that do not heal by asking again: wrong passwords are counted. */
const FINAL = new Set(["unauthorized", "forbidden"]);

/** Shows the manager until somebody quits. Rejects with `RemoteError` when it does not let us in. */
export async function runTop(
  env: Environment,
  terminal: Terminal,
  keyboard: Keyboard,
  manager: RemoteManager,
): Promise<void> {
  // also tells, before the screen is taken, that there is a manager
  const session = await readSession(manager);
  const top = new Top(env, terminal, keyboard, manager, session);
  await top.run();
}

class Top {
  readonly #env: Environment;
  readonly #keyboard: Keyboard;
  readonly #manager: RemoteManager;
  readonly #painter: Painter;
  readonly #keys = new KeyReader();
  readonly #end = Promise.withResolvers<void>();
  #state: TopState;
  #over = false;
  #suspended = false;
  #cancelTick = () => {};
  #cancelEscape = () => {};

  constructor(
    env: Environment,
    terminal: Terminal,
    keyboard: Keyboard,
    manager: RemoteManager,
    session: JsonObject,
  ) {
    this.#env = env;
    this.#keyboard = keyboard;
    this.#manager = manager;
    this.#painter = new Painter(env.stdout, (text, tone) => terminal.paint(text, tone));
    this.#state = initialState({
      host: manager.shown,
      ...this.#size(),
      now: env.clock.now(),
      date: env.clock.date(),
      session,
    });
  }

  async run(): Promise<void> {
    const leave = () => this.#leave();
    const unsubscribe = [
      this.#env.onStopSignal(() => this.#end.resolve()),
      this.#keyboard.onChange((change) => this.#guard(() => this.#changed(change))),
      this.#keyboard.onCrash(leave),
    ];
    try {
      this.#take();
      this.#tick();
      this.#readKeys().catch((error) => this.#end.reject(error));
      await this.#end.promise;
    } finally {
      this.#over = true;
      this.#cancelTick();
      this.#cancelEscape();
      for (const end of unsubscribe) end();
      leave();
    }
  }

  /** Runs what others call; what it throws ends the run, so that the screen is given back. */
  #guard(work: () => void): void {
    if (this.#over) return;
    try {
      work();
    } catch (error) {
      this.#end.reject(error);
    }
  }

  #take(): void {
    this.#keyboard.setMode("keys");
    this.#painter.enter();
  }

  #leave(): void {
    this.#painter.leave();
    this.#keyboard.setMode("lines");
  }

  #tick(): void {
    this.#guard(() => {
      this.#cancelTick = this.#env.clock.after(TICK_MS, () => this.#tick());
      this.#happen([{ type: "tick" }]);
    });
  }

  async #readKeys(): Promise<void> {
    while (!this.#over) {
      const bytes = await this.#keyboard.read();
      if (bytes === null) return this.#end.resolve();
      this.#cancelEscape();
      this.#typed(this.#keys.push(bytes));
      if (!this.#keys.waits) continue;
      this.#cancelEscape = this.#env.clock.after(
        ESCAPE_MS,
        () => this.#guard(() => this.#typed(this.#keys.flush())),
      );
    }
  }

  #typed(inputs: readonly Input[]): void {
    if (inputs.length === 0 || this.#over) return;
    if (this.#suspended) return this.#resume();
    this.#happen(inputs);
  }

  #changed(change: "size" | "continued"): void {
    if (change === "continued") this.#resume();
    else this.#draw();
  }

  /** The shell, or whoever wrote on the screen, is done with it. */
  #resume(): void {
    this.#suspended = false;
    this.#take();
    this.#happen([{ type: "tick" }]);
  }

  #suspend(): void {
    this.#suspended = true;
    this.#painter.leave();
    this.#keyboard.setMode("signals");
    this.#env.stdout.write(SUSPENDED);
  }

  #happen(events: readonly Event[]): void {
    const { clock } = this.#env;
    for (const event of events) {
      const [state, requests] = update(this.#state, event, clock.now(), clock.date());
      this.#state = state;
      for (const request of requests) this.#perform(request);
    }
    this.#draw();
  }

  #perform(request: Request): void {
    switch (request.type) {
      case "quit":
        return this.#end.resolve();
      case "suspend":
        return this.#suspend();
      case "redraw":
        return this.#painter.forget();
      default:
        this.#ask(request).catch((error) => this.#end.reject(error));
    }
  }

  async #ask(request: Call): Promise<void> {
    const event = await this.#answer(request);
    await loadWidths(textsOf(event));
    if (!this.#over) this.#happen([event]);
  }

  async #answer(request: Call): Promise<Event> {
    try {
      return await call(this.#manager, request, this.#state.session);
    } catch (error) {
      if (!(error instanceof RemoteError) || FINAL.has(error.fault)) throw error;
      const answered = error.fault === "refused" || error.fault === "unknown-method";
      return { type: "failed", of: request.type, words: messageOf(error), answered };
    }
  }

  #draw(): void {
    if (this.#suspended || this.#over) return;
    const size = this.#size();
    if (size.columns !== this.#state.columns || size.rows !== this.#state.rows) {
      // what a terminal does to lines that it makes narrower is its own affair
      this.#painter.forget();
      return this.#happen([{ type: "size", ...size }]);
    }
    this.#painter.draw(render(this.#state), size.columns);
  }

  #size(): { readonly columns: number; readonly rows: number } {
    const { columns, rows } = this.#env.terminalSize() ?? { columns: 80, rows: 24 };
    // a terminal that does not know says 0
    return { columns: columns || 80, rows: rows || 24 };
  }
}
