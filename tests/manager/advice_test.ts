import { assert, assertEquals } from "@std/assert";
import { daemon } from "../../src/cli/commands/daemon.ts";
import { advised } from "../../src/manager/advice.ts";

/** Options a manager is started with, and those of the commands that the advice itself names. */
const KNOWN = new Set([
  ...Object.values(daemon.options).flatMap((
    { long, on },
  ) => [`--${long}`, on ? `--no-${long}` : ""]),
  "--add",
]);

Deno.test("no advice of a session names an option that a manager does not have", async () => {
  const folder = new URL("../../src/session/why/", import.meta.url);
  let seen = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    for (const [, words = ""] of text.matchAll(/"([^"\n]*--[a-z][^"\n]*)"/g)) {
      const { advice } = advised([{ cause: "no-source", values: {}, text: "", advice: words }])[0]!;
      seen++;
      if (/^fetch it with tm get|tm get --webseed/.test(advice)) continue;
      for (const [option] of advice.matchAll(/--[a-z-]+/g)) {
        assert(KNOWN.has(option), `${option} in: ${advice}`);
      }
    }
  }
  assert(seen > 8, `${seen}`);
});

Deno.test("what can be followed stays as it is", () => {
  const cause = {
    cause: "dht-no-nodes",
    values: {},
    text: "x",
    advice: "name a node with --dht-node HOST:PORT",
  };
  assertEquals(advised([cause as never]), [cause as never]);
});
