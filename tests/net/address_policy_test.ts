import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  AddressPolicy,
  AddressRefused,
  type Reach,
  type Resolver,
  type Route,
  type UrlOrigin,
} from "../../src/net/mod.ts";
import { reachOf } from "../../src/net/address_policy.ts";
import { LOCAL_HOSTS, NOWHERE_HOSTS } from "./spellings.ts";

const names: Record<string, string[]> = {
  "public.example": ["8.8.4.7", "2600::7"],
  "home.example": ["192.168.1.10"],
  "mixed.example": ["8.8.4.7", "127.0.0.1"],
  "zero.example": ["0.0.0.0", "::"],
  "six.example": ["2600::7"],
  "half.example": ["8.8.4.7", "0.0.0.0"],
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
    addresses: ["8.8.4.7", "2600::7"],
    local: false,
  });
});

for (const host of [...LOCAL_HOSTS, "home.example", "mixed.example"]) {
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

for (const host of [...NOWHERE_HOSTS, "zero.example"]) {
  Deno.test(`nothing at ${host} is ever connected to`, async () => {
    for (const scheme of ["http", "https", "udp"]) {
      const url = new URL(`${scheme}://${host}/announce`);
      await assertRejects(() => policy.tracker(url, null, signal), AddressRefused);
      await assertRejects(() => policy.foreign(url, signal), AddressRefused);
      await assertRejects(() => policy.typed(url, null, signal), AddressRefused);
    }
    const file = new URL(`http://${host}/a.torrent`);
    await assertRejects(() => policy.exactSource(file, "typed", null, signal), AddressRefused);
  });
}

for (const host of LOCAL_HOSTS) {
  Deno.test(`a UDP tracker at ${host} is asked only at /announce, and at an address we judged`, async () => {
    const { reach, addresses } = await tracker(`udp://${host}:80/announce`);
    assertEquals(reach, "local");
    assert(addresses.length > 0, "Expected an address: a resolver may read the name otherwise");
    for (const path of ["", "/", "/x"]) {
      await assertRejects(() => tracker(`udp://${host}:80${path}`), AddressRefused, "is a local");
    }
  });

  Deno.test(`a webseed at ${host} is used when the user typed it, not when a torrent names it`, async () => {
    const url = new URL(`http://${host}/announce`);
    const source = (origin: UrlOrigin, from: Reach | null) =>
      policy.source(url, origin, from === null ? null : route(from), signal);
    await assertRejects(() => source("torrent", null), AddressRefused, "is a local address");
    await assertRejects(() => source("torrent", "public"), AddressRefused);
    await assertRejects(() => source("torrent", "local"), AddressRefused);
    assertEquals((await source("typed", null)).reach, "local");
    assertEquals((await source("typed", "local")).reach, "local");
    await assertRejects(() => source("typed", "public"), AddressRefused);
  });
}

for (const host of [...LOCAL_HOSTS, "home.example", "mixed.example", "printer"]) {
  Deno.test(`an exact source at ${host} is a torrent file without a query, in a link that the user typed`, async () => {
    const source = (rest: string, origin: UrlOrigin = "typed", from: Reach | null = null) =>
      policy.exactSource(
        new URL(`http://${host}:8080${rest}`),
        origin,
        from === null ? null : route(from),
        signal,
      );
    assert((await source("/a.torrent")).reach !== "public");
    assert((await source("/x/B.TORRENT", "typed", "local")).reach !== "public");
    for (
      const rest of ["/", "/reboot", "/a.torrent/", "/a.torrent?x", "/.torrent", "/x/.torrent"]
    ) {
      await assertRejects(() => source(rest), AddressRefused, "a .torrent file only");
    }
    await assertRejects(() => source("/a.torrent", "torrent"), AddressRefused);
    await assertRejects(() => source("/a.torrent", "typed", "public"), AddressRefused);
  });
}

Deno.test("an exact source at a public address may have any path and query", async () => {
  for (const origin of ["typed", "torrent"] as const) {
    const url = new URL("http://public.example/download?id=7");
    const { reach } = await policy.exactSource(url, origin, null, signal);
    assertEquals(reach, "public");
  }
});

Deno.test("every spelling of a local address leads to the address itself", async () => {
  for (const scheme of ["http", "udp"]) {
    for (const host of ["127.1", "2130706433", "0x7f000001", "017700000001", "[::ffff:7f00:1]"]) {
      const { addresses } = await tracker(`${scheme}://${host}/announce`);
      assertEquals(addresses, ["127.0.0.1"], `${scheme}://${host}`);
    }
  }
});

Deno.test("without IPv6, a name's IPv4 addresses are used, and where it has none it is refused", async () => {
  const v4 = new AddressPolicy(resolver, { ipv6: false });
  const asked = (url: string) => v4.tracker(new URL(url), null, signal);
  assertEquals((await asked("http://public.example/announce")).addresses, ["8.8.4.7"]);
  assertEquals((await asked("http://localhost/announce")).addresses, ["127.0.0.1"]);
  assertEquals((await asked("http://[::ffff:8.8.8.8]/x")).addresses, ["8.8.8.8"]);
  for (const url of ["http://six.example/announce", "udp://[2600::7]:1", "http://[::1]/announce"]) {
    await assertRejects(() => asked(url), AddressRefused, "IPv6 is off");
  }
});

Deno.test("an address that leads nowhere is left out beside a public one", async () => {
  assertEquals((await tracker("http://half.example/x")).addresses, ["8.8.4.7"]);
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

Deno.test("of several addresses the one most worth protecting decides", () => {
  assertEquals(reachOf([]), "unknown");
  assertEquals(reachOf(["8.8.4.7"]), "public");
  assertEquals(reachOf(["8.8.4.7", "fd00::1"]), "local");
  assertEquals(reachOf(["0.0.0.0", "8.8.4.7"]), "public");
  assertEquals(reachOf(["0.0.0.0"]), "nowhere");
  assertEquals(reachOf(["no address"]), "nowhere");
});
