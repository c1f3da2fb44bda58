import { assert, assertEquals, assertRejects } from "@std/assert";
import { utf8 } from "../../../src/base/mod.ts";
import {
  AddressPolicy,
  fetchBounded,
  HttpError,
  openProxy,
  UdpSocket,
} from "../../../src/net/mod.ts";
import { SocksUdpSocket } from "../../../src/net/proxy/socks_udp.ts";
import { talkSocks } from "../../../src/net/proxy/socks_connect.ts";
import { type ProxyChoice, ProxyError, type ProxyFault } from "../../../src/proxy/mod.ts";
import { FakeProxy, type FakeProxyOptions } from "./fake_proxy.ts";

const choice = (port: number, over: Partial<ProxyChoice> = {}): ProxyChoice => ({
  scheme: "socks5",
  host: "127.0.0.1",
  port,
  user: null,
  password: "",
  ...over,
});
const { signal } = new AbortController();
const password = { user: "me", word: "s€cret" };

/** An echo, for one connection. */
async function echo(listener: Deno.TcpListener): Promise<void> {
  const socket = await listener.accept();
  const buffer = new Uint8Array(64);
  for (let count; (count = await socket.read(buffer)) !== null;) {
    await socket.write(buffer.subarray(0, count));
  }
  socket.close();
}

for (const guarded of [false, true]) {
  Deno.test(`a peer is reached through a proxy ${guarded ? "with" : "without"} a password`, async () => {
    await using proxy = new FakeProxy(guarded ? { password } : {});
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const echoing = echo(listener);
    const { port } = listener.addr;
    const credentials = guarded ? { user: password.user, password: password.word } : {};
    const { socket, bound } = await talkSocks(choice(proxy.port, credentials), {
      command: "connect",
      target: { host: "127.0.0.1", port },
    }, signal);
    assertEquals(bound, { host: "0.0.0.0", port: 0 });
    await socket.write(utf8("hello"));
    const buffer = new Uint8Array(5);
    for (let at = 0; at < 5;) at += await socket.read(buffer.subarray(at)) ?? 5;
    assertEquals(buffer, utf8("hello"));
    socket.close();
    await echoing;
    assertEquals(proxy.targets, [`127.0.0.1:${port}`]);
  });
}

const wrong: readonly [string, FakeProxyOptions, Partial<ProxyChoice>, ProxyFault][] = [
  ["hangs up", { misdeed: "hangs-up" }, {}, "unreachable"],
  ["speaks HTTP", { misdeed: "speaks-http" }, {}, "nonsense"],
  ["wants a password", { password }, {}, "credentials"],
  ["wants another password", { password }, { user: "me", password: "hunter2" }, "credentials"],
  ["does not allow it", { misdeed: { reply: 2 } }, {}, "refused"],
  ["answers a code of its own", { misdeed: { reply: 99 } }, {}, "refused"],
  ["finds nobody there", {}, {}, "target-refused"],
];

for (const [what, options, over, fault] of wrong) {
  Deno.test(`a proxy that ${what} gives an error that says so`, async () => {
    await using proxy = new FakeProxy(options);
    const way = await openProxy(choice(proxy.port, over), true, () => {});
    // nothing listens on port 1
    const error = await assertRejects(
      () => way.dial({ host: "127.0.0.1", port: 1 }, signal),
      ProxyError,
    );
    way.udp?.close();
    assertEquals(error.fault, fault);
    assert(!error.message.includes("hunter2"), error.message);
  });
}

Deno.test("a proxy that is not there is said", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const way = await openProxy(choice(port), true, () => {});
  const error = await assertRejects(
    () => way.dial({ host: "127.0.0.1", port: 1 }, signal),
    ProxyError,
  );
  way.udp?.close();
  assertEquals(error.fault, "unreachable");
});

for (
  const [misdeed, expected] of [["stalls", "ProxyError"], ["forgets", "AbortError"]] as const
) {
  Deno.test(`a proxy that ${misdeed} is waited for no longer than asked`, async () => {
    await using proxy = new FakeProxy({ misdeed });
    const way = await openProxy(choice(proxy.port), true, () => {});
    const abort = new AbortController();
    const dialling = way.dial({ host: "127.0.0.1", port: 1 }, abort.signal);
    const timer = setTimeout(() => abort.abort(), 300);
    const error = await assertRejects(() => dialling);
    clearTimeout(timer);
    way.udp?.close();
    assertEquals((error as Error).name, expected);
  });
}

/** Waits for a packet at a socket of the proxy's. */
function once(socket: { run: UdpSocket["run"] }) {
  const got = Promise.withResolvers<{ text: string; from: string }>();
  const running = socket.run((packet, { host, port }) =>
    got.resolve({ text: new TextDecoder().decode(packet), from: `${host}:${port}` })
  );
  return { got: got.promise, running };
}

for (const relay of [[127, 0, 0, 1], [0, 0, 0, 0], [198, 51, 100, 9]]) {
  Deno.test(`packets go through the proxy and back, though it names ${relay.join(".")}`, async () => {
    await using proxy = new FakeProxy({ relay, names: { "tracker.example": "127.0.0.1" } });
    const peer = UdpSocket.bind("127.0.0.1", 0);
    const peering = peer.run((packet, from) => peer.send(packet, from));
    const { udp } = await openProxy(choice(proxy.port), true, () => {});
    const { got, running } = once(udp!);
    // it waits for the association
    udp!.send(utf8("ping"), { host: "tracker.example", port: peer.port });
    assertEquals(await got, { text: "ping", from: `127.0.0.1:${peer.port}` });
    assertEquals(proxy.packets, [`tracker.example:${peer.port}`]);
    udp!.close();
    peer.close();
    await Promise.all([running, peering]);
  });
}

Deno.test("a packet that did not come from the proxy is nobody's", async () => {
  await using proxy = new FakeProxy();
  const peer = UdpSocket.bind("127.0.0.1", 0);
  const peering = peer.run((packet, from) => peer.send(packet, from));
  const { udp } = await openProxy(choice(proxy.port), true, () => {});
  const heard: string[] = [];
  const real = Promise.withResolvers<void>();
  const running = udp!.run((packet) => {
    heard.push(new TextDecoder().decode(packet));
    real.resolve();
  });
  udp!.send(utf8("first"), { host: "127.0.0.1", port: peer.port });
  await real.promise;
  const forged = Uint8Array.from([0, 0, 0, 1, 127, 0, 0, 1, 0, 80, ...utf8("forged")]);
  peer.send(forged, { host: "127.0.0.1", port: udp!.port });
  const again = Promise.withResolvers<void>();
  const wait = setInterval(() => {
    if (heard.length > 1) again.resolve();
    else udp!.send(utf8("second"), { host: "127.0.0.1", port: peer.port });
  }, 20);
  await again.promise;
  clearInterval(wait);
  assert(!heard.includes("forged"), heard.join());
  udp!.close();
  peer.close();
  await Promise.all([running, peering]);
});

Deno.test("an association that ends is made anew", async () => {
  await using proxy = new FakeProxy();
  const peer = UdpSocket.bind("127.0.0.1", 0);
  let answers = 0;
  const peering = peer.run((packet, from) => peer.send(packet, from));
  const { udp } = await openProxy(choice(proxy.port), true, () => {});
  let heard = Promise.withResolvers<void>();
  const running = udp!.run(() => {
    answers++;
    heard.resolve();
  });
  const to = { host: "127.0.0.1", port: peer.port };
  udp!.send(utf8("a"), to);
  await heard.promise;
  heard = Promise.withResolvers();
  proxy.drop();
  const trying = setInterval(() => udp!.send(utf8("b"), to), 50);
  while (proxy.associations < 2) await heard.promise.then(() => heard = Promise.withResolvers());
  clearInterval(trying);
  assert(answers >= 2);
  udp!.close();
  peer.close();
  await Promise.all([running, peering]);
});

Deno.test("an association by which nothing comes any more is made anew, its connection ended", async () => {
  await using proxy = new FakeProxy();
  const peer = UdpSocket.bind("127.0.0.1", 0);
  const peering = peer.run((packet, from) => peer.send(packet, from));
  const clock = { now: 0 };
  const udp = new SocksUdpSocket(choice(proxy.port), true, () => {}, () => clock.now);
  const heard = new Map<string, () => void>();
  const running = udp.run((packet) => heard.get(new TextDecoder().decode(packet))?.());
  const send = (text: string, apart: number) => {
    clock.now += apart;
    udp.send(utf8(text), { host: "127.0.0.1", port: peer.port });
  };
  const answer = (text: string) => {
    const come = Promise.withResolvers<void>();
    heard.set(text, come.resolve);
    return come.promise;
  };
  const exchange = async (text: string) => {
    const answered = answer(text);
    const trying = setInterval(() => send(text, 0), 20);
    await answered;
    clearInterval(trying);
  };
  await exchange("first");
  // many packets in a short time prove nothing, nor do few in a long one
  for (let i = 0; i < 100; i++) send("many", 1);
  await exchange("second");
  const answered = answer("few");
  for (let i = 0; i < 3; i++) send("few", 100_000);
  await answered;
  assertEquals([proxy.associations, proxy.left], [1, 0]);
  for (let i = 0; i < 4; i++) send("deaf", 30_000);
  await exchange("third");
  assertEquals(proxy.associations, 2);
  while (proxy.left === 0) await exchange("fourth");
  udp.close();
  peer.close();
  await Promise.all([running, peering]);
});

Deno.test("a proxy without UDP is said once", async () => {
  await using proxy = new FakeProxy({ udp: false });
  const said = Promise.withResolvers<string>();
  const { udp } = await openProxy(choice(proxy.port), true, (message) => said.resolve(message));
  const running = udp!.run(() => {});
  assertEquals(
    await said.promise,
    "The proxy carries no UDP (The proxy cannot do that): UDP trackers and the DHT wait for it",
  );
  udp!.close();
  await running;
});

/** A policy that asks no name server, and fails the test where it would. */
function policyOf(proxy: ProxyChoice): AddressPolicy {
  return new AddressPolicy({
    resolve: (name) => Promise.reject(new Error(`${name} was looked up`)),
  }, { proxy });
}

function get(url: string, proxy: ProxyChoice) {
  const policy = policyOf(proxy);
  return fetchBounded(url, {
    maxBytes: 1000,
    timeoutMs: 10_000,
    maxRedirects: 2,
    allow: (to, from, signal) => policy.tracker(to, from, signal),
  });
}

Deno.test("a web server is asked by its name, which the proxy looks up, redirects too", async () => {
  await using proxy = new FakeProxy({
    names: { "a.example": "127.0.0.1", "b.example": "127.0.0.1" },
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const { port } = server.addr as Deno.NetAddr;
    return request.headers.get("host")!.startsWith("a.")
      ? Response.redirect(`http://b.example:${port}/x`)
      : new Response("here");
  });
  const { port } = server.addr as Deno.NetAddr;
  const { bytes } = await get(`http://a.example:${port}/announce`, choice(proxy.port));
  assertEquals(bytes, utf8("here"));
  assertEquals(proxy.targets, [`a.example:${port}`, `b.example:${port}`]);
  await server.shutdown();
});

Deno.test("local addresses are judged as without a proxy", async () => {
  const error = await assertRejects(() => get("http://192.168.1.1/reboot", choice(1)), HttpError);
  assertEquals(error.reason, "refused");
});

const told: readonly [FakeProxyOptions, RegExp][] = [
  [{ password }, /refuses our name and password/],
  [{ misdeed: { reply: 2 } }, /rules do not allow it/],
  [{ misdeed: "speaks-http" }, /speaks something else/],
];

for (const [options, words] of told) {
  Deno.test(`a web server behind a proxy: ${words.source}`, async () => {
    await using proxy = new FakeProxy(options);
    const error = await assertRejects(
      () =>
        get("http://a.example/announce", choice(proxy.port, { user: "me", password: "hunter2" })),
      HttpError,
    );
    assert(words.test(error.message), error.message);
    assert(!error.message.includes("hunter2"), error.message);
  });
}

Deno.test("an HTTP proxy is asked for web servers, gets the password, and its 407 is its own", async () => {
  const asked: string[] = [];
  const proxy = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const authorization = request.headers.get("proxy-authorization") ?? "none";
    asked.push(`${request.url} ${authorization}`);
    return authorization === `Basic ${btoa("me:pw")}`
      ? new Response("here")
      : new Response("", { status: 407 });
  });
  const { port } = proxy.addr as Deno.NetAddr;
  const http = choice(port, { scheme: "http" });
  const right = { ...http, user: "me", password: "pw" };
  assertEquals((await get("http://a.example/announce", right)).bytes, utf8("here"));
  const error = await assertRejects(() => get("http://a.example/announce", http), HttpError);
  assertEquals(error.message, `The proxy refuses our name and password (http://127.0.0.1:${port})`);
  assertEquals(asked.length, 2);
  await proxy.shutdown();
  const way = await openProxy(http, true, () => {});
  assertEquals(way.udp, null);
  await assertRejects(() => way.dial({ host: "127.0.0.1", port: 1 }, signal), ProxyError);
});
