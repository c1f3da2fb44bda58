import { assertEquals } from "@std/assert";
import { shareAddresses } from "../../src/cli/share_addresses.ts";

/** Interfaces of `name address` lines. */
const chosen = (text: string, ipv6 = true) =>
  shareAddresses(
    text.trim().split("\n").map((line) => {
      const [name = "", address = ""] = line.trim().split(" ");
      return { name, address };
    }),
    ipv6,
  );

Deno.test("addresses for others: IPv4 first, networks inside the machine last, each once, nothing local", () => {
  const laptop = `
    lo 127.0.0.1
    docker0 172.17.0.1
    eth0 192.168.1.5
    wlan0 10.0.0.7
    lo ::1
    eth0 2A00:1:0::5
    eth0 fe80::1%eth0
    eth0 fe80::1
    eth1 2a00:1::5
    wg0 fd00::7
    eth0 nonsense`;
  assertEquals(chosen(laptop), [
    "192.168.1.5",
    "10.0.0.7",
    "172.17.0.1",
    "2a00:1::5",
    "fd00::7",
  ]);
  assertEquals(chosen(laptop, false), ["192.168.1.5", "10.0.0.7", "172.17.0.1"]);
});

Deno.test("a machine of many addresses names a few, one without a network itself", () => {
  const many = Array.from({ length: 30 }, (_, i) => `eth0 10.0.0.${i + 1}\neth0 2a00::${i + 1}`);
  const some = chosen(many.join("\n"));
  assertEquals(some.map((host) => host.includes(":")), [false, false, false, false, true, true]);
  assertEquals(chosen("lo 127.0.0.1\nlo ::1\neth0 fe80::1"), ["127.0.0.1"]);
  assertEquals(chosen("lo 127.0.0.1\neth0 169.254.3.4"), ["169.254.3.4"]);
  assertEquals(shareAddresses([], true), ["127.0.0.1"]);
});
