import { assert, assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

Deno.test("each BEP in the README's table names a test that is there", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", root));
  const [, table = ""] = readme.split("\n## Protocols\n");
  const rows = [...table.split("\n## ")[0]!.matchAll(/^\| +(\d+) \|.*$/gm)];
  assert(rows.length > 25, `${rows.length} rows`);
  for (const [row, number] of rows) {
    const tests = [...row.matchAll(/`([\w/]+_test\.ts)`/g)].map(([, path]) => path!);
    assert(tests.length > 0, `BEP ${number} names none`);
    for (const path of tests) {
      const { isFile } = await Deno.stat(new URL(`tests/${path}`, root));
      assert(isFile, path);
    }
  }
  assertEquals(new Set(rows.map(([, number]) => number)).size, rows.length);
});
