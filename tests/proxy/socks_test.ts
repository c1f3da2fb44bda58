import { assertEquals, assertThrows } from "@std/assert";
import { fromHex, toHex, UsageError } from "../../src/base/mod.ts";
import {
  decodeDatagram,
  decodeSocksAddress,
  encodeDatagram,
  encodeSocksAddress,
  parseProxy,
  ProxyError,
  proxyName,
  type SocksRequest,
  SocksTalk,
} from "../../src/proxy/mod.ts";

const CONNECT: SocksRequest = {
  command: "connect",
  target: { host: "tracker.example", port: 6969 },
  user: null,
  password: "",
};

/** Gives a proxy's words to a talk, `step` bytes at a time; what was sent, in hexadecimal. */
function talk(request: SocksRequest, words: readonly string[], step: number): string[] {
  const socks = new SocksTalk(request);
  const sent = [toHex(socks.begin())];
  let rest = fromHex(words.join(""))!;
  while (socks.wanted > 0 && rest.length > 0) {
    const part = rest.slice(0, Math.min(step, socks.wanted));
    rest = rest.slice(part.length);
    const answer = socks.receive(part);
    if (answer !== null) sent.push(toHex(answer));
  }
  if (socks.wanted === 0) sent.push(`${socks.bound?.host}:${socks.bound?.port}`, toHex(rest));
  return sent;
}

for (const step of [1, 2, 3, 5, 1000]) {
  Deno.test(`a way to a name, ${step} bytes at a time, and nothing behind it is read`, () => {
    assertEquals(talk(CONNECT, ["0500", "05000001c00002010050", "beef"], step), [
      "050100",
      `050100030f${toHex(new TextEncoder().encode("tracker.example"))}1b39`,
      "192.0.2.1:80",
      "beef",
    ]);
  });

  Deno.test(`name and password, ${step} bytes at a time`, () => {
    const request = {
      ...CONNECT,
      target: { host: "2001:db8::1", port: 80 },
      user: "me",
      password: "pw",
    };
    const words = ["0502", "0100", "05000003" + "03" + "612e62" + "0001", ""];
    assertEquals(talk(request, words, step), [
      "05020002",
      "01026d65027077",
      "0501000420010db80000000000000000000000010050",
      "a.b:1",
      "",
    ]);
  });
}

for (
  const [words, fault, user] of [
    [["0401"], "nonsense", null],
    [["485454502f"], "nonsense", null],
    [["05ff"], "credentials", null],
    [["0502"], "credentials", null],
    [["0501"], "nonsense", null],
    [["05ff"], "credentials", "me"],
    [["0502", "0101"], "credentials", "me"],
    [["0500", "0400000100000000"], "nonsense", null],
    [["0500", "0500000900"], "nonsense", null],
    [["0500", "0500000300"], "nonsense", null],
    [["0500", "05010001000000000000"], "refused", null],
    [["0500", "05020001000000000000"], "refused", null],
    [["0500", "05030001000000000000"], "target-unreachable", null],
    [["0500", "05050001000000000000"], "target-refused", null],
    [["0500", "05060001000000000000"], "target-silent", null],
    [["0500", "057f0001000000000000"], "refused", null],
  ] as const
) {
  Deno.test(`a proxy that says ${words.join(" ")} is ${fault}`, () => {
    for (const step of [1, 3, 100]) {
      const error = assertThrows(
        () => talk({ ...CONNECT, user, password: "secret" }, words, step),
        ProxyError,
      );
      assertEquals(error.fault, fault);
      assertEquals(/secret/.test(error.message), false);
    }
  });
}

Deno.test("addresses and packets read back as they were written, and cut ones not at all", () => {
  for (const host of ["1.2.3.4", "2001:db8::1", "name.example"]) {
    const peer = { host, port: 6881 };
    const bytes = encodeSocksAddress(peer);
    assertEquals(decodeSocksAddress(bytes, 0), { address: peer, end: bytes.length });
    for (let length = 0; length < bytes.length; length++) {
      assertEquals(typeof decodeSocksAddress(bytes.slice(0, length), 0), "number");
    }
    const packet = Uint8Array.of(1, 2, 3);
    assertEquals(decodeDatagram(encodeDatagram({ peer, packet })), { peer, packet });
  }
  assertThrows(() => encodeSocksAddress({ host: "x".repeat(256), port: 1 }), RangeError);
  assertEquals(decodeDatagram(fromHex("000001" + "0101020304" + "0050" + "aa")!), null);
  assertEquals(decodeDatagram(fromHex("000000" + "0701020304" + "0050" + "aa")!), null);
});

Deno.test("a proxy as it is typed", () => {
  const read = (text: string) => {
    const { scheme, host, port, user, password } = parseProxy(text);
    return [scheme, host, port, user, password];
  };
  assertEquals(read("socks5://127.0.0.1:1080"), ["socks5", "127.0.0.1", 1080, null, ""]);
  assertEquals(read("socks5h://me:p%40ss%3A@[::1]:9"), ["socks5", "::1", 9, "me", "p@ss:"]);
  assertEquals(read("HTTP://proxy.example:80/"), ["http", "proxy.example", 80, null, ""]);
  assertEquals(read("http://proxy.example"), ["http", "proxy.example", 8080, null, ""]);
  assertEquals(read("socks5://me@proxy.example"), ["socks5", "proxy.example", 1080, "me", ""]);
  for (
    const text of [
      "",
      "127.0.0.1:1080",
      "socks4://a:1",
      "https://a:1",
      "socks5://",
      "socks5://:1",
      "socks5://a:1/path",
      "socks5://a:1?x",
      "socks5://me:12#3@a:1",
      "socks5://a:99999",
      "socks5://a:0",
      "socks5://:hunter2@a:1",
      "socks5://me:%ff@a:1",
      `socks5://${"x".repeat(256)}:hunter2@a:1`,
    ]
  ) {
    const error = assertThrows(() => parseProxy(text), UsageError);
    assertEquals(/hunter2/.test(error.message), false);
  }
});

Deno.test("a proxy's name shows no password", () => {
  assertEquals(proxyName(parseProxy("socks5://me:secret@[::1]:9")), "socks5://[::1]:9");
});
