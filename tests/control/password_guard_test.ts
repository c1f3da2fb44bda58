import { assertEquals } from "@std/assert";
import { PasswordGuard } from "../../src/control/password_guard.ts";

const RIGHT = `Basic ${btoa("u:p")}`;
const WRONG = `Basic ${btoa("u:q")}`;

function guardAt(start = 0): { guard: PasswordGuard; clock: { now: number } } {
  const clock = { now: start };
  return { guard: new PasswordGuard({ user: "u", password: "p" }, () => clock.now), clock };
}

async function fail(guard: PasswordGuard, caller: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) assertEquals(await guard.judge(WRONG, caller), "wrong");
}

Deno.test("password: ten wrong attempts, then one every five seconds", async () => {
  const { guard, clock } = guardAt();
  await fail(guard, "10.0.0.1", 10);
  assertEquals(await guard.judge(RIGHT, "10.0.0.1"), "locked");
  clock.now = 4_999;
  assertEquals(await guard.judge(RIGHT, "10.0.0.1"), "locked");
  clock.now = 5_000;
  await fail(guard, "10.0.0.1", 1);
  assertEquals(await guard.judge(RIGHT, "10.0.0.1"), "locked");
  clock.now = 10_000;
  assertEquals(await guard.judge(RIGHT, "10.0.0.1"), "right");
  // it is right as often as it likes
  for (let i = 0; i < 50; i++) assertEquals(await guard.judge(RIGHT, "10.0.0.1"), "right");
  clock.now = 60_000;
  await fail(guard, "10.0.0.1", 10);
});

Deno.test("password: many attempts at once are counted before they are looked at", async () => {
  const { guard } = guardAt();
  const verdicts = await Promise.all(
    Array.from({ length: 30 }, () => guard.judge(WRONG, "10.0.0.1")),
  );
  assertEquals(verdicts.filter((verdict) => verdict === "wrong").length, 10);
  assertEquals(verdicts.filter((verdict) => verdict === "locked").length, 20);
});

Deno.test("password: many right ones at once are all right", async () => {
  const { guard } = guardAt();
  await fail(guard, "10.0.0.1", 9);
  const verdicts = await Promise.all(
    Array.from({ length: 30 }, () => guard.judge(RIGHT, "10.0.0.1")),
  );
  assertEquals(new Set(verdicts), new Set(["right"]));
});

Deno.test("password: callers are counted apart, an IPv6 network together", async () => {
  const { guard } = guardAt();
  await fail(guard, "10.0.0.1", 10);
  assertEquals(await guard.judge(RIGHT, "10.0.0.2"), "right");
  assertEquals(await guard.judge(RIGHT, "::ffff:10.0.0.1"), "locked");
  await fail(guard, "2001:db8::1", 5);
  await fail(guard, "2001:db8::2:3:4:5", 5);
  assertEquals(await guard.judge(RIGHT, "2001:db8::9"), "locked");
  assertEquals(await guard.judge(RIGHT, "2001:db8:0:1::9"), "right");
  await fail(guard, "fe80::1%eth0", 1);
  // a Unix socket is one caller
  for (let i = 0; i < 10; i++) await guard.judge(WRONG, null);
  assertEquals(await guard.judge(RIGHT, null), "locked");
});

Deno.test("password: no crowd of callers fills the memory or frees one that is locked at once", async () => {
  const { guard } = guardAt();
  await fail(guard, "10.0.0.1", 10);
  for (let i = 0; i < 900; i++) await fail(guard, `10.1.${i >> 8}.${i & 255}`, 1);
  assertEquals(await guard.judge(RIGHT, "10.0.0.1"), "locked");
});
