import { assertEquals } from "@std/assert";
import {
  AddressRangesBuilder,
  AddressSet,
  type Endpoint,
  endpoint,
  parseAddress,
} from "../../src/base/mod.ts";
import { AddressPolicy, type Informant, peerInformant } from "../../src/net/mod.ts";

const noNames = { resolve: () => Promise.resolve([]) };
const policy = new AddressPolicy(noNames);

const INFORMANTS: readonly Informant[] = [
  "user",
  "local-tracker",
  "loopback-peer",
  "local-peer",
  "lsd",
  "stranger",
];

/** Peers, and who may name them. */
const PEERS: readonly { what: string; hosts: readonly string[]; may: readonly Informant[] }[] = [
  {
    what: "public peers",
    hosts: ["8.8.8.8", "2600::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"],
    may: ["user", "local-tracker", "loopback-peer", "local-peer", "stranger"],
  },
  {
    what: "private, link-local and reserved peers",
    hosts: [
      "10.0.0.1",
      "172.31.0.1",
      "192.168.0.9",
      "100.64.1.1",
      "169.254.169.254",
      "192.0.2.1",
      "203.0.113.1",
      "240.0.0.1",
      "fe80::1",
      "fd00::1",
      "fec0::1",
      "2001:db8::1",
      "::ffff:10.0.0.1",
      "::10.0.0.1",
      "64:ff9b::10.0.0.1",
      "64:ff9b:1::1",
      "2002:a00:1::1",
    ],
    may: ["user", "local-tracker", "loopback-peer", "local-peer", "lsd"],
  },
  {
    what: "peers on loopback",
    hosts: [
      "127.0.0.1",
      "127.9.9.9",
      "::1",
      "::ffff:127.0.0.1",
      "::127.0.0.1",
      "::ffff:0:127.0.0.1",
      "64:ff9b::7f00:1",
      "2002:7f00:1::",
      "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
    may: ["user", "local-tracker", "loopback-peer", "lsd"],
  },
  {
    what: "peers nowhere",
    hosts: [
      "0.0.0.0",
      "0.0.0.1",
      "::",
      "::ffff:0.0.0.0",
      "224.0.0.1",
      "255.255.255.255",
      "ff02::1",
      "64:ff9b::",
    ],
    may: [],
  },
];

for (const { what, hosts, may } of PEERS) {
  for (const informant of INFORMANTS) {
    const allowed = may.includes(informant);
    Deno.test(`${what} are ${allowed ? "taken" : "not taken"} from ${informant}`, () => {
      for (const host of hosts) {
        assertEquals(policy.peer({ host, port: 6881 }, informant), allowed, host);
        assertEquals(policy.peer({ host, port: 0 }, informant), false, `${host}, port 0`);
        assertEquals(policy.peer({ host, port: 65_536 }, informant), false);
      }
    });
  }
}

Deno.test("what is no address is no peer", () => {
  for (const host of ["", "localhost", "2130706433", "0x7f.1", "1.2.3", "fe80::1%eth0", "[::1]"]) {
    for (const informant of INFORMANTS) {
      assertEquals(policy.peer({ host, port: 1 }, informant), false, host);
    }
  }
});

Deno.test("a peer is believed as far as its own address goes", () => {
  const cases: Record<string, Informant> = {
    "8.8.8.8": "stranger",
    "2600::1": "stranger",
    "127.0.0.1": "loopback-peer",
    "::1": "loopback-peer",
    "10.0.0.1": "local-peer",
    "fd00::1": "local-peer",
    "169.254.1.1": "local-peer",
    "0.0.0.0": "stranger",
    "nonsense": "stranger",
  };
  for (const [host, informant] of Object.entries(cases)) {
    assertEquals(peerInformant(host), informant, host);
  }
});

Deno.test("the user's filter keeps peers away, whoever named them, and the reason is told", () => {
  const ranges = new AddressRangesBuilder();
  ranges.add(parseAddress("8.8.8.0")!, parseAddress("8.8.8.255")!);
  ranges.add(parseAddress("2600::")!, parseAddress("2600::ff")!);
  const filtering = new AddressPolicy(noNames, { filter: new AddressSet(ranges.build()) });
  const at = (host: string): Endpoint => endpoint(host, 1)!;
  for (const informant of ["user", "local-tracker", "local-peer", "stranger"] as const) {
    assertEquals(filtering.judge(at("8.8.8.8"), informant), "filtered");
    assertEquals(filtering.judge(at("::ffff:8.8.8.8"), informant), "filtered");
    assertEquals(filtering.judge(at("2600::1"), informant), "filtered");
    assertEquals(filtering.judge(at("8.8.9.1"), informant), "allowed");
  }
  assertEquals(filtering.judge(at("127.0.0.1"), "stranger"), "shielded");
});

Deno.test("without IPv6 there are no IPv6 peers", () => {
  const v4 = new AddressPolicy(noNames, { ipv6: false });
  assertEquals(v4.judge(endpoint("2600::1", 1)!, "user"), "no-ipv6");
  assertEquals(v4.judge(endpoint("::ffff:8.8.8.8", 1)!, "user"), "allowed");
  assertEquals(v4.judge(endpoint("8.8.8.8", 1)!, "user"), "allowed");
});
