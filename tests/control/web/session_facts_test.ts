import { assertEquals } from "@std/assert";
import { optionThatHolds } from "../../../src/control/web/page/session_facts.ts";
import { FakeManager } from "../fake_manager.ts";
import { succeed } from "../lab.ts";

Deno.test("page: a switch is held by the option the manager was started with", () => {
  const held = { option: "--no-dht", orProxy: false };
  assertEquals(optionThatHolds(["dht"], "dht-enabled"), held);
  assertEquals(optionThatHolds([], "dht-enabled"), null);
  assertEquals(optionThatHolds(["lsd", "pex"], "utp-enabled"), null);
  assertEquals(optionThatHolds(["tcp"], "utp-enabled"), { option: "--no-tcp", orProxy: false });
  assertEquals(optionThatHolds(["dht"], "blocklist-enabled"), null, "of no use to anybody");
});

Deno.test("page: what would go beside a proxy is held by that, or by an option of its own", () => {
  const lacks = ["dht", "pex", "lsd", "portMapping", "utp"] as const;
  const of = (key: Parameters<typeof optionThatHolds>[1]) => {
    const held = optionThatHolds(lacks, key);
    return held === null ? [] : [held.option, held.orProxy];
  };
  assertEquals(of("port-forwarding-enabled"), ["--proxy", false]);
  assertEquals(of("dht-enabled"), ["--no-dht", true]);
  assertEquals(of("lpd-enabled"), ["--no-lsd", true]);
  assertEquals(of("utp-enabled"), ["--no-utp", true]);
  assertEquals(of("pex-enabled"), ["--no-pex", false]);
});

Deno.test("rpc: a manager tells what it was started without", async () => {
  const manager = new FakeManager();
  manager.lacks = ["dht", "utp"];
  const { lacks } = await succeed(manager, "session-get", { fields: ["lacks"] });
  assertEquals(lacks, ["dht", "utp"]);
});
