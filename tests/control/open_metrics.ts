/** A strict reader of OpenMetrics 1.0, for what `/metrics` uses of it: counters, gauges, infos. */
import { assert, assertEquals, assertMatch } from "@std/assert";

/** A family as it is read. */
export interface ReadFamily {
  type: string;
  unit: string;
  help: string;
  samples: Map<string, number>;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const SAMPLE = new RegExp(`^(${NAME})(\\{[^}]*\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);
const LABELS = /^\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"(?:,(?!\})|(?=\})))*\}$/;
/** What follows the family's name in a sample, by type. */
const SUFFIX: Readonly<Record<string, string>> = { counter: "_total", gauge: "", info: "_info" };

/** Families by name. Throws where the text is not what the format says. */
export function readOpenMetrics(text: string): Map<string, ReadFamily> {
  assert(text.endsWith("# EOF\n"), "Expected # EOF at the end");
  const families = new Map<string, ReadFamily>();
  let current = "";
  for (const line of text.slice(0, -"# EOF\n".length).split("\n").slice(0, -1)) {
    const meta = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.+)$`).exec(line);
    if (meta !== null) {
      const [, kind, name = "", value = ""] = meta;
      if (kind === "TYPE") {
        assert(!families.has(name), `${name} twice`);
        assert(Object.hasOwn(SUFFIX, value), `${name} has the type ${value}`);
        families.set(name, { type: value, unit: "", help: "", samples: new Map() });
        current = name;
        continue;
      }
      assertEquals(name, current, "families may not be interleaved");
      const family = families.get(name)!;
      assertEquals(family.samples.size, 0, `${name}: a sample before ${kind}`);
      if (kind === "UNIT") assert(name.endsWith(`_${value}`), `${name} ends in ${value}`);
      if (kind === "UNIT") family.unit = value;
      else family.help = value;
      continue;
    }
    const sample = SAMPLE.exec(line);
    assert(sample !== null, `no sample: ${line}`);
    const [, name = "", labels = "", value] = sample;
    const family = families.get(current)!;
    assertEquals(name, `${current}${SUFFIX[family.type]}`);
    if (labels !== "") assertMatch(labels, LABELS);
    assert(!family.samples.has(labels), `${name}${labels} twice`);
    if (family.type === "counter") assert(Number(value) >= 0);
    if (family.type === "info") assertEquals(value, "1");
    family.samples.set(labels, Number(value));
  }
  for (const [name, { samples }] of families) assert(samples.size > 0, `${name} is empty`);
  return families;
}
