import { assertEquals } from "@std/assert";
import { formatSize } from "../../src/base/mod.ts";

Deno.test("sizes keep at most four figures", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [0.4, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1_048_575, "1.0 MiB"],
    [268_435_456, "256.0 MiB"],
    [1023.99 * 2 ** 30, "1.0 TiB"],
    [2 ** 60, "1024.0 PiB"],
  ];
  for (const [bytes, text] of cases) assertEquals(formatSize(bytes), text);
});
