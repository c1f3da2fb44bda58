import { assertEquals } from "@std/assert";
import type { Connection } from "../../../src/control/web/page/connection.ts";
import { LiveStream, type View } from "../../../src/control/web/page/live.ts";
import type { LiveEvent } from "../../../src/control/web/row.ts";

const TOTALS = { down: 0, up: 0, peers: 0, dhtNodes: 0, free: null, port: null, slow: false };
const EVENT: LiveEvent = { all: true, rows: [], removed: [], totals: TOTALS };

/** A page whose clock goes by hand, and a manager that answers as it is told to. */
class Scene implements View {
  hidden = false;
  now = 0;
  readonly told: (Connection | "event")[] = [];
  /** What each attempt sent. */
  readonly sent: string[] = [];
  /** What is sent now. */
  token = "";
  /** What was sent is of no worth, and nothing better is there. */
  locked = true;
  answer: () => Response | Promise<Response> = () => open();
  #due: { readonly at: number; readonly callback: () => void }[] = [];
  #onHidden = () => {};
  #onOnline = () => {};
  readonly live: LiveStream<string>;

  constructor(answer: Scene["answer"] = () => open(), hidden = false) {
    this.answer = answer;
    this.hidden = hidden;
    this.live = new LiveStream<string>({
      view: this,
      headers: () => this.token,
      ask: async (sent, signal) => {
        this.sent.push(sent);
        const response = await this.answer();
        signal.throwIfAborted();
        return response;
      },
      onEvent: () => this.told.push("event"),
      onConnection: (connection) => this.told.push(connection),
      onLocked: () => this.locked,
    });
  }

  onHidden = (callback: () => void) => void (this.#onHidden = callback);
  onOnline = (callback: () => void) => void (this.#onOnline = callback);

  after(ms: number, callback: () => void): () => void {
    const due = { at: this.now + ms, callback };
    this.#due.push(due);
    return () => this.#due = this.#due.filter((each) => each !== due);
  }

  /** Time passes, and what is due is done. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      await turn();
      const [next] = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.now = next.at;
      this.#due = this.#due.filter((each) => each !== next);
      next.callback();
    }
    this.now = end;
  }

  async show(hidden: boolean): Promise<void> {
    this.hidden = hidden;
    this.#onHidden();
    await turn();
  }

  async online(): Promise<void> {
    this.#onOnline();
    await turn();
  }
}

/** What is settled has been done after it. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** A stream with one event that stays open, or ends. */
function open(ends = false): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(EVENT)}\n\n`));
      if (ends) controller.close();
    },
  });
  return new Response(body);
}

const failing = () => Promise.reject(new TypeError("Failed to fetch"));

Deno.test("page's stream: what is lost is tried again, ever later, and a silent one is lost", async () => {
  const scene = new Scene(failing);
  await scene.pass(0);
  assertEquals(scene.told, ["lost"]);
  const attempts: number[] = [];
  for (const ms of [499, 1, 999, 1, 2_000, 5_000, 5_000]) {
    await scene.pass(ms);
    attempts.push(scene.sent.length);
  }
  assertEquals(attempts, [1, 2, 2, 3, 4, 5, 6]);
  scene.answer = () => open();
  scene.told.length = 0;
  await scene.pass(5_000);
  assertEquals(scene.told, ["live", "event"]);
  await scene.pass(14_999);
  assertEquals(scene.told.length, 2);
  await scene.pass(1);
  assertEquals(scene.told, ["live", "event", "lost"]);
  // the first try after it was there comes soon
  await scene.pass(500);
  assertEquals(scene.told.slice(3), ["live", "event"]);
});

Deno.test("page's stream: whoever refuses it is told apart, and asked again", async () => {
  const cases: [number, Connection][] = [
    [429, "full"],
    [500, "fault"],
    [421, "host"],
    [403, "machine"],
    // it ends, or has too much to do: that passes
    [503, "lost"],
    [502, "lost"],
  ];
  for (const [status, connection] of cases) {
    const scene = new Scene(() => new Response("no", { status }));
    await scene.pass(0);
    assertEquals(scene.told, [connection]);
    scene.answer = () => open();
    await scene.pass(5_000);
    assertEquals(scene.told, [connection, "live", "event"]);
  }
});

Deno.test("page's stream: without the password it waits for it, whatever happens", async () => {
  const scene = new Scene(() => new Response(null, { status: 401 }));
  await scene.pass(60_000);
  await scene.show(true);
  await scene.show(false);
  await scene.online();
  assertEquals([scene.sent.length, scene.told], [1, []]);
  scene.answer = () => open();
  scene.live.open();
  await scene.pass(0);
  assertEquals(scene.told, ["live", "event"]);
});

Deno.test("page's stream: a refusal of a login that is over asks with the new one", async () => {
  const refused = Promise.withResolvers<Response>();
  const scene = new Scene(() => refused.promise);
  scene.token = "new";
  scene.locked = false;
  scene.answer = () => open();
  refused.resolve(new Response(null, { status: 401 }));
  await scene.pass(0);
  assertEquals([scene.sent, scene.told], [["", "new"], ["live", "event"]]);
});

Deno.test("page's stream: nobody sees it, and half a minute later it is closed until somebody does", async () => {
  for (const begins of [true, false]) {
    const scene = new Scene(() => open(), begins);
    await scene.pass(0);
    if (!begins) await scene.show(true);
    // not long enough to be lost
    await scene.pass(14_000);
    const { length } = scene.sent;
    await scene.show(true);
    await scene.show(false);
    assertEquals(scene.sent.length, length, "it was hidden only for a moment");
    await scene.show(true);
    await scene.pass(60_000);
    const before = scene.sent.length;
    await scene.online();
    await scene.pass(60_000);
    assertEquals(scene.sent.length, before);
    scene.told.length = 0;
    await scene.show(false);
    assertEquals([scene.sent.length, scene.told], [before + 1, ["live", "event"]]);
  }
});

Deno.test("page's stream: one that ends is opened again, and what is over says nothing more", async () => {
  const scene = new Scene(() => open(true));
  await scene.pass(0);
  assertEquals(scene.told, ["live", "event", "lost"]);
  await scene.pass(500);
  assertEquals(scene.sent.length, 2);
  const late = Promise.withResolvers<Response>();
  scene.answer = () => late.promise;
  scene.live.open();
  await scene.pass(0);
  scene.told.length = 0;
  scene.live.close();
  late.resolve(open());
  await scene.pass(60_000);
  assertEquals(scene.told, []);
});

Deno.test("page's stream: opened while nobody sees the page it is closed like any other", async () => {
  const scene = new Scene(() => new Response(null, { status: 401 }));
  await scene.pass(0);
  await scene.show(true);
  await scene.pass(60_000);
  // another window gave the password
  scene.answer = () => open();
  scene.live.open();
  await scene.pass(0);
  assertEquals(scene.told, ["live", "event"]);
  await scene.pass(30_000);
  const { length } = scene.sent;
  await scene.pass(300_000);
  assertEquals(scene.sent.length, length, "it is not lost, nor asked for again");
  await scene.show(false);
  assertEquals(scene.sent.length, length + 1);
});
