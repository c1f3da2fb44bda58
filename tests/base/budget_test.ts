import { assertEquals } from "@std/assert";
import { Budget } from "../../src/base/mod.ts";

Deno.test("a budget counts what comes, its own and that of all", () => {
  const all = new Budget(100);
  const [one, other] = [new Budget(30, all), new Budget(Infinity, all)];
  let told = 0;
  one.usedUp = () => told++;
  one.spend(20);
  assertEquals([one.left, other.left, told], [10, 80, 0]);
  other.spend(75);
  assertEquals([one.left, other.left], [5, 5]);
  one.spend(6);
  assertEquals([one.left, other.left, told], [-1, -1, 1]);
  all.set(50);
  one.set(Infinity);
  assertEquals([one.left, other.left], [50, 50]);
});

Deno.test("no more is asked for than is left, less what was asked for, but always something", () => {
  const all = new Budget(105);
  const [one, other] = [new Budget(Infinity, all), new Budget(Infinity, all)];
  assertEquals(one.room(10), 10);
  one.promise(60);
  assertEquals([one.room(10), other.room(10)], [4, 4]);
  other.promise(40);
  assertEquals([one.room(10), other.room(10)], [0, 0]);
  for (let i = 0; i < 10; i++) {
    all.promise(-10);
    one.spend(10);
  }
  // the last one is less than a whole one
  assertEquals([one.left, one.room(10)], [5, 1]);
  one.promise(10);
  assertEquals(one.room(10), 0);
  one.promise(-10);
  one.spend(10);
  assertEquals(one.room(10), 0);
  assertEquals(new Budget(Infinity).room(10), Infinity);
});
