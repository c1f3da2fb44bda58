import { assertEquals } from "@std/assert";
import { DialPlan } from "../../src/session/dial_plan.ts";
import type { DialFault } from "../../src/session/dial_faults.ts";
import type { EncryptionPolicy } from "../../src/session/encryption_policy.ts";

const AT = { host: "8.8.8.8", port: 6881 };

/** What is tried at an address where everything ends in `fault`: e for encrypted, p for plain. */
function tried(plan: DialPlan, fault: DialFault, at = AT): string {
  let out = "";
  for (
    let attempt: ReturnType<DialPlan["next"]> = plan.first(at);
    attempt !== null;
    attempt = plan.next(at, attempt, fault)
  ) out += attempt.encrypted ? "e" : "p";
  return out;
}

Deno.test("the other way to begin is tried once, at once, where both may be", () => {
  const expected: Record<EncryptionPolicy, string> = {
    prefer: "ep",
    tolerate: "pe",
    require: "e",
    off: "p",
  };
  for (const [policy, ways] of Object.entries(expected)) {
    for (const fault of ["hung-up", "nonsense", "no-handshake"] as const) {
      assertEquals(tried(new DialPlan(policy as EncryptionPolicy), fault), ways, policy);
    }
  }
});

Deno.test("where nobody was, and where somebody understood us, there is no other way", () => {
  const faults = ["refused", "silent", "unreachable", "no-socket", "unwanted", "other-torrent"];
  for (const fault of faults as DialFault[]) {
    assertEquals(tried(new DialPlan("prefer"), fault), "e");
  }
});

Deno.test("who took only the plain handshake is dialled so, until it takes only the other", () => {
  const plan = new DialPlan("prefer");
  const encrypted = plan.first(AT);
  const plain = plan.next(AT, encrypted, "hung-up")!;
  plan.works(AT, plain);
  assertEquals(tried(plan, "hung-up"), "pe");
  assertEquals(tried(plan, "hung-up", { ...AT, port: 1 }), "ep");
  plan.works(AT, encrypted);
  assertEquals(tried(plan, "hung-up"), "ep");
});

Deno.test("of however many peers two thousand are remembered", () => {
  const plan = new DialPlan("prefer");
  const plain = plan.next(AT, plan.first(AT), "hung-up")!;
  for (let port = 1; port <= 2001; port++) plan.works({ ...AT, port }, plain);
  assertEquals([1, 2, 2001].map((port) => tried(plan, "hung-up", { ...AT, port })), [
    "ep",
    "pe",
    "pe",
  ]);
});
