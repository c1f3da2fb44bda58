import { assert, assertEquals, assertThrows } from "@std/assert";
import { inOpenMetrics } from "../../src/control/exposition.ts";
import { STATS } from "./fake_manager.ts";
import { http, withServer } from "./lab.ts";
import { readOpenMetrics } from "./open_metrics.ts";

Deno.test("metrics: OpenMetrics for who accepts it, with types and units", async () => {
  await withServer({}, async ({ port }) => {
    const heard = await http({ port: port! }, "GET /metrics", {
      accept: "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
    });
    assertEquals(
      heard.headers.get("content-type"),
      "application/openmetrics-text; version=1.0.0; charset=utf-8",
    );
    const families = readOpenMetrics(heard.text);
    const shown = (name: string) => {
      const { type, unit, samples } = families.get(name)!;
      return [type, unit, Object.fromEntries(samples)];
    };
    assertEquals(shown("tm"), ["info", "", { '{version="1.2.3"}': 1 }]);
    assertEquals(shown("tm_downloaded_bytes"), ["counter", "bytes", { "": 1000 }]);
    assertEquals(shown("tm_active_seconds"), ["counter", "seconds", { "": 500.5 }]);
    assertEquals(shown("tm_disk_queue_bytes"), ["gauge", "bytes", { "": 65_536 }]);
    assertEquals(shown("tm_dht_nodes"), ["gauge", "", { "": 150 }]);
    assertEquals(shown("tm_peers"), ["gauge", "", { "": 7 }]);
    const [, , activities] = shown("tm_torrents");
    assertEquals(
      activities,
      Object.fromEntries(
        Object.entries(STATS.activities).map(([name, count]) => [`{activity="${name}"}`, count]),
      ),
    );
    for (const [name, { help }] of families) assert(help !== "", name);
  });
});

Deno.test("metrics: the older text format for others", async () => {
  await withServer({}, async ({ port }) => {
    const heard = await http({ port: port! }, "GET /metrics");
    assertEquals(heard.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert(heard.text.includes("# TYPE tm_downloaded_bytes_total counter\n"));
    assert(heard.text.includes("\ntm_downloaded_bytes_total 1000\n"));
    assert(heard.text.includes("# TYPE tm_info gauge\n"));
    assert(!heard.text.includes("# UNIT") && !heard.text.includes("# EOF"));
    const head = await http({ port: port! }, "HEAD /metrics");
    assertEquals([head.status, head.text], [200, ""]);
    assertEquals((await http({ port: port! }, "POST /metrics")).status, 405);
  });
});

Deno.test("metrics: labels are escaped, and the reader of these tests is strict", () => {
  const text = inOpenMetrics([{
    name: "a",
    help: "b\nc\\d",
    type: "gauge",
    unit: "",
    samples: [{ labels: { x: 'q"\\\n' }, value: 1 }],
  }]);
  assertEquals(text, '# TYPE a gauge\n# HELP a b\\nc\\\\d\na{x="q\\"\\\\\\n"} 1\n# EOF\n');
  readOpenMetrics(text);
  for (
    const bad of [
      "# TYPE a gauge\na 1\n",
      "# TYPE a counter\na 1\n# EOF\n",
      "# TYPE a gauge\na 1\na 1\n# EOF\n",
      "# TYPE a gauge\na one\n# EOF\n",
      "# TYPE a summary\na 1\n# EOF\n",
      "# TYPE a gauge\n# UNIT a bytes\na 1\n# EOF\n",
      "# TYPE a gauge\n\na 1\n# EOF\n",
    ]
  ) assertThrows(() => readOpenMetrics(bad));
});
