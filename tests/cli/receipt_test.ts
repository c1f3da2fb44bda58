import { assertEquals } from "@std/assert";
import type { Permissions } from "../../src/cli/environment.ts";
import { receipt, rightsOf } from "../../src/cli/receipt.ts";

const WORKER = { read: ["/srv/t"], write: ["/srv/t"], net: true, sys: ["statfs"] } as const;

function permissions(state: Permissions["state"]): Permissions {
  return { state, allows: () => false, revokeFiles: () => Promise.resolve() };
}

Deno.test("receipt: the values for clients say what the lines say", () => {
  const env = {
    fromSource: false,
    permissions: permissions((name) => name === "net" ? "yes" : name === "sys" ? "partly" : "no"),
  };
  const [engine, main, ...others] = rightsOf(env, WORKER);
  const said = (rights: typeof engine) =>
    rights?.rights.map(({ name, state, only }) => [name, state, ...only].join(" "));
  assertEquals(said(engine), [
    "read some /srv/t",
    "write some /srv/t",
    "net all",
    "sys some statfs",
    "run none",
    "env none",
    "ffi none",
  ]);
  const nothing = ["run none", "env none", "ffi none", "sys some"];
  assertEquals(said(main), ["read none", "write none", "net all", ...nothing]);
  assertEquals(others, []);
  assertEquals(receipt(env, WORKER).slice(1), [
    "  engine       read /srv/t",
    "               write /srv/t",
    "               net yes, sys statfs, run none, env none, ffi none",
    "  main thread  read none, write none, net yes",
    "               run none, env none, ffi none, sys partly",
  ]);
});

Deno.test("receipt: from source the engine reads that too, and a right to nothing is none", () => {
  const env = { fromSource: true, permissions: permissions(() => "no") };
  const [engine] = rightsOf(env, { read: [], write: [], net: false, sys: [] });
  assertEquals(engine?.rights.slice(0, 4), [
    { name: "read", state: "some", only: ["tm's own source"] },
    { name: "write", state: "none", only: [] },
    { name: "net", state: "none", only: [] },
    { name: "sys", state: "none", only: [] },
  ]);
});
