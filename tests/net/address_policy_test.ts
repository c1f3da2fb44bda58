import { assert, assertEquals, assertRejects } from "@std/assert";
import { endpoint } from "../../src/base/mod.ts";
import {
  AddressPolicy,
  AddressRefused,
  type Reach,
  type Resolver,
  type Route,
} from "../../src/net/mod.ts";
import { peerAllowed, reachOf } from "../../src/net/address_policy.ts";

const names: Record<string, string[]> = {
  "public.example": ["198.51.100.7", "2001:db8::7"],
  "home.example": ["192.168.1.10"],
  "mixed.example": ["198.51.100.7", "127.0.0.1"],
  "zero.example": ["0.0.0.0", "::"],
  "half.example": ["198.51.100.7", "0.0.0.0"],
};
const resolver: Resolver = { resolve: (name) => Promise.resolve(names[name] ?? []) };
const policy = new AddressPolicy(resolver);
const { signal } = new AbortController();
const route = (reach: Reach): Route => ({
  reach,
  addresses: [],
  local: reach === "local",
});
const tracker = (url: string, from: Reach | null = null) =>
  policy.tracker(new URL(url), from === null ? null : route(from), signal);

Deno.test("a tracker at a public address may have any path and is not local", async () => {
  assertEquals(await tracker("http://public.example:6969/x/announce.php?pass=1"), {
    reach: "public",
    addresses: ["198.51.100.7", "2001:db8::7"],
    local: false,
  });
});

for (
  const host of [
    "127.0.0.1",
    "localhost",
    "LOCALHOST.",
    "a.localhost",
    "[::1]",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "home.example",
    "mixed.example",
  ]
) {
  Deno.test(`a tracker at ${host} is asked only at /announce and /scrape`, async () => {
    const base = `http://${host}:9091`;
    assertEquals((await tracker(`${base}/announce?x=1`)).reach, "local");
    assertEquals((await tracker(`${base}/scrape`)).reach, "local");
    for (
      const path of [
        "/",
        "/transmission/rpc",
        "/announce/",
        "/announce.php",
        "/%61nnounce",
        "/Announce",
        "/x/announce",
      ]
    ) {
      await assertRejects(() => tracker(base + path), AddressRefused, "is a local address");
    }
  });

  Deno.test(`a public tracker cannot redirect to ${host}`, async () => {
    const error = await assertRejects(
      () => tracker(`http://${host}/announce`, "public"),
      AddressRefused,
    );
    assert(error.message.startsWith("Refused a redirect"), error.message);
    assertEquals((await tracker(`http://${host}/announce`, "local")).reach, "local");
  });
}

for (
  const host of [
    "0.0.0.0",
    "0",
    "[::]",
    "224.0.0.1",
    "255.255.255.255",
    "[ff02::1]",
    "zero.example",
  ]
) {
  Deno.test(`nothing at ${host} is ever connected to`, async () => {
    const url = new URL(`http://${host}/announce`);
    await assertRejects(() => policy.tracker(url, null, signal), AddressRefused);
    await assertRejects(() => policy.foreign(url, signal), AddressRefused);
    await assertRejects(() => policy.typed(url, null, signal), AddressRefused);
  });
}

Deno.test("an address that leads nowhere is left out beside a public one", async () => {
  assertEquals((await tracker("http://half.example/x")).addresses, ["198.51.100.7"]);
});

Deno.test("peers are believed only of a tracker whose addresses are all local", async () => {
  assertEquals((await tracker("http://home.example/announce")).local, true);
  assertEquals((await tracker("http://[::1]/announce")).local, true);
  assertEquals((await tracker("http://mixed.example/announce")).local, false);
});

Deno.test("a name with a local address beside a public one is no way to local addresses", async () => {
  const from = await tracker("http://mixed.example/announce");
  const url = new URL("http://192.168.1.1/announce");
  await assertRejects(() => policy.tracker(url, from, signal), AddressRefused);
  await assertRejects(() => policy.typed(url, from, signal), AddressRefused);
  await assertRejects(() => tracker(url.href, "unknown"), AddressRefused);
});

Deno.test("over TLS a name is not believed to be local, for it cannot be pinned to its addresses", async () => {
  assertEquals((await tracker("https://home.example/announce")).local, false);
  assertEquals((await tracker("https://192.168.1.10/announce")).local, true);
});

Deno.test("a name without address is treated as local for going there and as a stranger for its peers", async () => {
  assertEquals(await tracker("http://printer/announce"), {
    reach: "unknown",
    addresses: [],
    local: false,
  });
  await assertRejects(
    () => tracker("http://printer/x"),
    AddressRefused,
    "Cannot find the address of printer",
  );
  await assertRejects(() => tracker("http://printer/announce", "public"), AddressRefused);
});

Deno.test("other URLs of a torrent lead to public addresses only", async () => {
  const foreign = (url: string) => policy.foreign(new URL(url), signal);
  assertEquals((await foreign("http://public.example/file")).reach, "public");
  for (const host of ["localhost", "home.example", "mixed.example", "printer"]) {
    await assertRejects(() => foreign(`http://${host}/announce`), AddressRefused);
  }
});

Deno.test("a URL the user typed may be local, but a public one may not redirect there", async () => {
  const typed = (url: string, from: Route | null) => policy.typed(new URL(url), from, signal);
  assertEquals((await typed("http://localhost/a.torrent", null)).reach, "local");
  assertEquals((await typed("http://printer/a.torrent", null)).reach, "unknown");
  assertEquals((await typed("http://localhost/a.torrent", route("local"))).reach, "local");
  assertEquals((await typed("http://printer/b.torrent", route("unknown"))).reach, "unknown");
  await assertRejects(() => typed("http://localhost/a.torrent", route("public")), AddressRefused);
});

Deno.test("peers on local addresses are taken from local trackers and the user only", () => {
  for (
    const host of [
      "127.0.0.1",
      "::1",
      "10.0.0.1",
      "192.168.0.9",
      "fe80::1",
      "fd00::1",
      "100.64.1.1",
      "2002:7f00:1::",
    ]
  ) {
    const peer = endpoint(host, 6881)!;
    assertEquals(peerAllowed(peer, "stranger"), false, host);
    assertEquals(peerAllowed(peer, "local-tracker"), true, host);
    assertEquals(peerAllowed(peer, "user"), true, host);
  }
});

Deno.test("public peers are taken from anyone, impossible ones from nobody", () => {
  for (const source of ["stranger", "local-tracker", "user"] as const) {
    assertEquals(peerAllowed(endpoint("198.51.100.7", 1)!, source), true);
    assertEquals(peerAllowed({ host: "198.51.100.7", port: 0 }, source), false);
    for (const host of ["0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255"]) {
      assertEquals(peerAllowed({ host, port: 6881 }, source), false, host);
    }
  }
});

Deno.test("of several addresses the one most worth protecting decides", () => {
  assertEquals(reachOf([]), "unknown");
  assertEquals(reachOf(["198.51.100.7"]), "public");
  assertEquals(reachOf(["198.51.100.7", "fd00::1"]), "local");
  assertEquals(reachOf(["0.0.0.0", "198.51.100.7"]), "public");
  assertEquals(reachOf(["0.0.0.0"]), "nowhere");
  assertEquals(reachOf(["no address"]), "nowhere");
});
