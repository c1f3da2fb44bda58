import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { flag, option, repeated } from "../../src/cli/option.ts";
import { bytes, text } from "../../src/cli/option_values.ts";
import { parse } from "../../src/cli/parse.ts";

const TABLE = {
  dir: option({ long: "dir", short: "d", placeholder: "DIR", read: text, help: "" }, "here"),
  limit: option({
    long: "max-limit",
    aliases: ["limit-rate"],
    placeholder: "SPEED",
    read: bytes,
    help: "",
  }, 0),
  peers: repeated({ long: "peer", short: "p", placeholder: "PEER", read: text, help: "" }),
  json: flag({ long: "json", short: "j", help: "" }),
  quiet: flag({ long: "quiet", short: "q", help: "" }),
  color: flag({ long: "color", on: true, help: "" }),
};

function values(...args: string[]) {
  return parse(TABLE, args).values;
}

function positionals(...args: string[]) {
  return parse(TABLE, args).positionals;
}

Deno.test("without options every value is its default", () => {
  const expected = { dir: "here", limit: 0, peers: [], json: false, quiet: false, color: true };
  assertEquals({ ...values() }, expected);
});

Deno.test("a value may follow its option in every usual way", () => {
  for (const args of [["--dir", "x"], ["--dir=x"], ["-d", "x"], ["-dx"], ["-d=x"]]) {
    assertEquals(values(...args).dir, "x", args.join(" "));
  }
});

Deno.test("a value may begin with a dash, hold =, spaces and line breaks", () => {
  for (const value of ["-", "-x", "--json", "a=b", "a b", "a\nb"]) {
    assertEquals(values("--dir", value).dir, value);
    assertEquals(values(`--dir=${value}`).dir, value);
  }
});

Deno.test("the last of several values counts unless the option collects them", () => {
  assertEquals(values("-d", "a", "--dir=b").dir, "b");
  assertEquals(values("-p", "a", "--peer", "b", "--peer=c").peers, ["a", "b", "c"]);
});

Deno.test("switches may share a dash, and the last may take a value", () => {
  const { json, quiet, dir } = values("-jqd", "x");
  assertEquals([json, quiet, dir], [true, true, "x"]);
});

Deno.test("--no- turns any switch off, and the last word counts", () => {
  assertEquals(values("--no-color").color, false);
  assertEquals(values("--json", "--no-json").json, false);
  assertEquals(values("--no-json", "--json").json, true);
});

Deno.test("a switch accepts =true and =false, as aria2 writes them, and nothing else", () => {
  assertEquals(values("--json=true").json, true);
  assertEquals(values("--json=false").json, false);
  assertThrows(() => values("--json=maybe"), UsageError, "--json takes no value");
});

Deno.test("a switch does not swallow the word after it", () => {
  assertEquals(positionals("--json", "true"), ["true"]);
});

Deno.test("an alias is the option", () => {
  assertEquals(values("--limit-rate", "2K").limit, 2048);
});

Deno.test("arguments that look like numbers stay as they were typed", () => {
  assertEquals(positionals("007", "1e3", "0x10", "-"), ["007", "1e3", "0x10", "-"]);
});

Deno.test("after -- everything is an argument", () => {
  assertEquals(positionals("a", "--", "--json", "-5", "--"), ["a", "--json", "-5", "--"]);
  assertEquals(values("--", "--json").json, false);
});

Deno.test("options and arguments may be mixed", () => {
  assertEquals(positionals("a", "-j", "b", "-d", "x", "c"), ["a", "b", "c"]);
});

Deno.test("a missing value is an error", () => {
  assertThrows(() => values("--dir"), UsageError, "Expected DIR after --dir, got nothing");
  assertThrows(() => values("-jd"), UsageError, "Expected DIR after -d, got nothing");
  assertThrows(() => values("--dir="), UsageError, "Expected a value after --dir, got nothing");
});

Deno.test("an unknown option is an error that names the nearest one", () => {
  assertThrows(() => values("--dri", "x"), UsageError, "Unknown option --dri; did you mean --dir?");
  assertThrows(() => values("--limit-raet=1"), UsageError, "did you mean --limit-rate?");
  assertThrows(() => values("--no-colr"), UsageError, "did you mean --no-color?");
  const far = assertThrows(() => values("--frobnicate"), UsageError);
  assertEquals(far.message, "Unknown option --frobnicate");
  assertThrows(() => values("-jx"), UsageError, "Unknown option -x");
});

Deno.test("names of JavaScript's own objects are unknown options", () => {
  for (const name of ["--__proto__", "--constructor=x", "--no-toString"]) {
    assertThrows(() => values(name), UsageError, "Unknown option");
  }
});

Deno.test("a switch --no-x stands beside an option --x with a value", () => {
  const web = repeated({ long: "web", placeholder: "URL", read: text, help: "" });
  const table = { web, noWeb: flag({ long: "no-web", help: "" }) };
  assertEquals({ ...parse(table, []).values }, { web: [], noWeb: false });
  const both = parse(table, ["--no-web", "--web", "a", "--web=b"]).values;
  assertEquals({ ...both }, { web: ["a", "b"], noWeb: true });
  assertEquals(parse(table, ["--no-web=false"]).values.noWeb, false);
});
