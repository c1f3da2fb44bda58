import { assertEquals, assertRejects } from "@std/assert";
import { type Bytes, UsageError, utf8 } from "../../src/base/mod.ts";
import { Filter } from "../../src/manager/filter.ts";

/** A filter whose list comes from the test, and how often its reading paused. */
function filterOf(list: () => Bytes): { filter: Filter; kept: Bytes[]; pauses: () => number } {
  const kept: Bytes[] = [];
  let pauses = 0;
  const filter = new Filter({
    fetch: () => Promise.resolve(list()),
    load: () => Promise.resolve(kept.at(-1) ?? null),
    save: (list) => {
      kept.push(list);
      return Promise.resolve();
    },
    pause: () => {
      pauses++;
      return Promise.resolve();
    },
  });
  return { filter, kept, pauses: () => pauses };
}

Deno.test("a long list is read in parts, with pauses between them", async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `1.${i >> 8}.${i & 255}.1`);
  const { filter, kept, pauses } = filterOf(() => utf8(lines.join("\n")));
  assertEquals(await filter.update("http://a", true), 20_000);
  assertEquals([pauses(), kept.length], [5, 1]);
  const again = filterOf(() => utf8(""));
  again.kept.push(...kept);
  await again.filter.load();
  assertEquals(again.filter.rules, 20_000);
});

Deno.test("two that want the list at once wait for one", async () => {
  let fetched = 0;
  const { filter } = filterOf(() => {
    fetched++;
    return utf8("1.2.3.4");
  });
  const both = [filter.update("http://a", true), filter.update("http://a", true)];
  assertEquals([await Promise.all(both), fetched], [[1, 1], 1]);
});

Deno.test("a list without a URL, one that is broken or too large unpacked is refused", async () => {
  let list = utf8("");
  const { filter, kept } = filterOf(() => list);
  await assertRejects(() => filter.update("", true), UsageError, "set it first");
  list = new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]);
  await assertRejects(() => filter.update("http://a", true), UsageError);
  const zeros = new Blob([new Uint8Array(129 * 1024 * 1024)]).stream();
  const packed = await new Response(zeros.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  list = new Uint8Array(packed);
  await assertRejects(() => filter.update("http://a", true), UsageError, "larger than");
  assertEquals([kept.length, filter.ranges], [0, null]);
});
