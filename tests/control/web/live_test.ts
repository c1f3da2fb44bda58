import { assert, assertEquals, assertRejects } from "@std/assert";
import { LiveFigures, MAX_PAGES, ReadTooSlowly } from "../../../src/control/web/live.ts";
import type { LiveEvent } from "../../../src/control/web/row.ts";
import { FakeManager, torrentView } from "../fake_manager.ts";

/** A manager that counts how often it is asked, and a clock that goes by hand. */
class Scene {
  readonly manager = new Counting();
  readonly faults: unknown[] = [];
  #due: (() => void)[] = [];
  readonly live = new LiveFigures({
    manager: this.manager,
    version: "1.2.3",
    onFault: (error) => this.faults.push(error),
    after: (_, callback) => {
      this.#due.push(callback);
      return () => this.#due = this.#due.filter((due) => due !== callback);
    },
  });

  /** Looks that are planned. */
  get waiting(): number {
    return this.#due.length;
  }

  /** A second goes by, and what is due is done. */
  async second(): Promise<void> {
    for (const due of this.#due.splice(0)) due();
    // the look is a chain of promises that are all settled: a turn of the event loop ends it
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  async open(may?: () => boolean): Promise<Listener> {
    const response = await this.live.open(may);
    return new Listener(response);
  }
}

class Counting extends FakeManager {
  asks = 0;
  broken: Error | null = null;

  override overview() {
    this.asks++;
    if (this.broken !== null) return Promise.reject(this.broken);
    return super.overview();
  }
}

class Listener {
  readonly status: number;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor(response: Response) {
    this.status = response.status;
    assert(response.body !== null);
    this.#reader = response.body.getReader();
  }

  /** The next event, null at the end. */
  async next(): Promise<LiveEvent | null> {
    const { value } = await this.#reader.read();
    if (value === undefined) return null;
    const text = new TextDecoder().decode(value);
    return JSON.parse(/^data: (.*)\n\n$/.exec(text)?.[1] ?? "null");
  }

  leave = () => this.#reader.cancel();
}

Deno.test("live: everything at first, then only what changed", async () => {
  const scene = new Scene();
  const page = await scene.open();
  const first = await page.next();
  assertEquals([first?.all, first?.rows.map(({ id }) => id)], [true, [1, 2]]);
  assertEquals([first?.totals.port, first?.version], [6881, "1.2.3"]);
  const [one] = scene.manager.views;
  scene.manager.views = [one ?? torrentView(1), torrentView(2, { done: 1 })];
  await scene.second();
  const then = await page.next();
  // of what is known only what changed
  assertEquals([then?.all, then?.rows, then?.removed], [false, [{
    id: 2,
    progress: 0,
    done: 1,
    state: "downloading",
    eta: 38,
  }], []]);
  await page.leave();
  assertEquals(scene.faults, []);
});

Deno.test("live: what came, changed or went between two looks is told once, whatever the manager remembers", async () => {
  const scene = new Scene();
  const page = await scene.open();
  await page.next();
  scene.manager.recent = () => Promise.resolve({ torrents: [], removed: [] });
  scene.manager.views = [torrentView(2, { name: "other" }), torrentView(3)];
  await scene.second();
  const then = await page.next();
  assertEquals([then?.rows.map(({ id }) => id), then?.removed], [[2, 3], [1]]);
  scene.manager.views = [];
  await scene.second();
  const last = await page.next();
  assertEquals([last?.rows, last?.removed], [[], [2, 3]]);
  await page.leave();
});

Deno.test("live: a row that is the same as before is not looked into", async () => {
  const scene = new Scene();
  const page = await scene.open();
  await page.next();
  const { rows, ...overview } = await scene.manager.overview();
  let reads = 0;
  const views = scene.manager.views.map((view) =>
    new Proxy(view, {
      get: (target, key, receiver) => {
        if (key !== "id") reads++;
        return Reflect.get(target, key, receiver);
      },
    })
  );
  const shown = rows.map((row, i) => ({ ...row, view: views[i]! }));
  scene.manager.overview = () => Promise.resolve({ ...overview, rows: shown });
  await scene.second();
  assert(reads > 0, "they are other ones the first time");
  reads = 0;
  for (let second = 0; second < 10; second++) await scene.second();
  assertEquals(reads, 0);
  await page.leave();
});

Deno.test("live: a quiet manager is heard every five seconds", async () => {
  const scene = new Scene();
  const page = await scene.open();
  await page.next();
  const next = page.next();
  for (let second = 0; second < 5; second++) await scene.second();
  assertEquals((await next)?.rows, []);
  assertEquals(scene.manager.asks, 1 + 5);
  await page.leave();
});

Deno.test("live: however many pages listen the manager is asked once, and not when none does", async () => {
  const scene = new Scene();
  const pages = await Promise.all(Array.from({ length: MAX_PAGES }, () => scene.open()));
  for (const page of pages) assertEquals((await page.next())?.all, true);
  await scene.second();
  assertEquals([scene.manager.asks, scene.waiting], [1 + 1, 1]);
  assertEquals((await scene.live.open()).status, 429);
  for (const page of pages) await page.leave();
  assertEquals(scene.waiting, 0);
  const again = await scene.open();
  assertEquals((await again.next())?.all, true, "a place is free again");
  await again.leave();
});

Deno.test("live: a page that does not read is let go, others are not", async () => {
  const scene = new Scene();
  const slow = await scene.open();
  const quick = await scene.open();
  await quick.next();
  // 1.5 MB an event: a few more than wait
  for (let second = 1; second < 12; second++) {
    const name = "x".repeat(1_500_000);
    scene.manager.views = [torrentView(1, { name: `${name}${second}` })];
    await scene.second();
    assertEquals((await quick.next())?.rows.length, 1);
  }
  await assertRejects(() => slow.next(), ReadTooSlowly, "", "nothing is kept for it");
  await quick.leave();
});

Deno.test("live: who reads nothing loses the connection, and what waits for it", async () => {
  const scene = new Scene();
  const faults: unknown[] = [];
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    onError: (error) => {
      faults.push(error);
      return new Response();
    },
  }, (_, { completed }) => {
    completed.catch(() => {});
    return scene.live.open();
  });
  const connection = await Deno.connect({ port: server.addr.port });
  await connection.write(new TextEncoder().encode("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"));
  await connection.read(new Uint8Array(1));
  // more than any kernel keeps of it
  for (let second = 1; second < 100 && scene.waiting > 0; second++) {
    scene.manager.views = [torrentView(1, { name: `${"x".repeat(1_500_000)}${second}` })];
    await scene.second();
  }
  assertEquals(scene.waiting, 0, "nobody listens");
  const ended = async () => {
    const part = new Uint8Array(1 << 20);
    for (;;) if (await connection.read(part).catch(() => null) === null) return;
  };
  await ended();
  connection.close();
  await server.shutdown();
  assert(faults.every((fault) => fault instanceof ReadTooSlowly), String(faults));
});

Deno.test("live: a page that may listen no longer hears nothing more, others do", async () => {
  const scene = new Scene();
  let may = true;
  const [one, other] = [await scene.open(() => may), await scene.open()];
  for (const page of [one, other]) await page.next();
  may = false;
  scene.manager.views = [torrentView(1), torrentView(2, { done: 1 })];
  await scene.second();
  assertEquals(await one.next(), null);
  assertEquals((await other.next())?.rows.map(({ id }) => id), [2]);
  await other.leave();
  const last = await scene.open(() => may);
  await last.next();
  await scene.second();
  assertEquals([await last.next(), scene.waiting], [null, 0], "nobody is left to look for");
  assertEquals(scene.faults, []);
});

Deno.test("live: the end closes every stream, a failure too, and is told", async () => {
  const scene = new Scene();
  const page = await scene.open();
  await page.next();
  scene.manager.broken = new Error("gone");
  await scene.second();
  assertEquals([await page.next(), scene.faults.length, scene.waiting], [null, 1, 0]);
  scene.manager.broken = null;
  const next = await scene.open();
  await next.next();
  scene.live.close();
  assertEquals([await next.next(), scene.waiting], [null, 0]);
  assertEquals((await scene.live.open()).status, 503);
});

Deno.test("live: a manager that cannot say anything takes no place", async () => {
  const scene = new Scene();
  scene.manager.stats = () => Promise.reject(new Error("down"));
  for (let page = 0; page <= MAX_PAGES; page++) {
    await assertRejects(() => scene.live.open(), Error, "down");
  }
});
