import { assertEquals } from "@std/assert";
import { RecentDetails } from "../../src/engine/mirror/recent_details.ts";
import { FILES, torrentView } from "../control/fake_manager.ts";
import { settle, VirtualClock } from "../manager/world.ts";

/** Details of an engine that answers when the test says so; each answer is told from others by its `done`. */
class Asked {
  readonly clock = new VirtualClock();
  readonly details: RecentDetails;
  readonly #waiting: (() => void)[] = [];
  asked = 0;
  files = 2;

  constructor() {
    this.details = new RecentDetails((ids) => {
      const done = ++this.asked;
      const files = Array.from({ length: this.files }, () => FILES[0]!);
      const answer = ids!.map((id) => ({ ...torrentView(Number(id), { done }), files }));
      return new Promise((resolve) => this.#waiting.push(() => resolve(answer)));
    }, this.clock);
  }

  /** Which answer comes, once everything that was asked is answered; null: none before that. */
  async get(): Promise<[early: number | null, late: number]> {
    let early: number | null = null;
    const getting = this.details.get([1], ["files"]).then(([view]) => early = view!.done);
    await this.clock.advance(8);
    const before = early;
    await this.answer();
    return [before, await getting];
  }

  async answer(): Promise<void> {
    for (const each of this.#waiting.splice(0)) each();
    await settle();
  }
}

Deno.test("the same question within a quarter of a second is asked once", async () => {
  const asked = new Asked();
  assertEquals(await asked.get(), [null, 1]);
  await asked.clock.advance(200);
  assertEquals(await asked.get(), [1, 1]);
  assertEquals(asked.asked, 1);
});

Deno.test("a busy engine is waited for a little, then the last answer is given, and the next one kept", async () => {
  const asked = new Asked();
  await asked.get();
  await asked.clock.advance(1000);
  assertEquals(await asked.get(), [1, 1]);
  assertEquals(await asked.get(), [2, 2]);
  await asked.clock.advance(6000);
  assertEquals(await asked.get(), [null, 3], "what is too old is not given");
});

Deno.test("an engine that is not busy is asked each time", async () => {
  const asked = new Asked();
  await asked.get();
  await asked.clock.advance(1000);
  const getting = asked.details.get([1], ["files"]);
  await settle();
  await asked.answer();
  assertEquals((await getting)[0]!.done, 2);
});

Deno.test("what was asked before a change is not given after it, nor what is still to come", async () => {
  const asked = new Asked();
  await asked.get();
  await asked.clock.advance(1000);
  const before = asked.details.get([1], ["files"]);
  await settle();
  asked.details.forget();
  assertEquals(await asked.get(), [null, 3]);
  await before;
  assertEquals(await asked.get(), [3, 3]);
});

Deno.test("very long lists are not kept, nor those of many questions", async () => {
  const asked = new Asked();
  asked.files = 20_000;
  await asked.get();
  assertEquals(await asked.get(), [null, 2]);
  asked.files = 1;
  assertEquals(await asked.get(), [null, 3]);
  for (let id = 2; id < 12; id++) {
    const other = asked.details.get([id], ["files"]);
    await settle();
    await asked.answer();
    await other;
  }
  assertEquals(await asked.get(), [null, 14]);
});
