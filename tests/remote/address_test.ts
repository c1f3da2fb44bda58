import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { parseCredentials, parseManagerAddress } from "../../src/remote/mod.ts";

const GOOD: [text: string, url: string, shown: string][] = [
  ["9091", "http://127.0.0.1:9091/transmission/rpc", "127.0.0.1:9091"],
  ["box", "http://box:9091/transmission/rpc", "box:9091"],
  ["box.example.org:80", "http://box.example.org/transmission/rpc", "box.example.org:80"],
  ["10.0.0.1", "http://10.0.0.1:9091/transmission/rpc", "10.0.0.1:9091"],
  ["::1", "http://[::1]:9091/transmission/rpc", "[::1]:9091"],
  ["[::1]", "http://[::1]:9091/transmission/rpc", "[::1]:9091"],
  ["[2001:db8::1]:1234", "http://[2001:db8::1]:1234/transmission/rpc", "[2001:db8::1]:1234"],
  ["http://box:9091", "http://box:9091/transmission/rpc", "box:9091"],
  ["http://box:9091/", "http://box:9091/transmission/rpc", "box:9091"],
  ["http://box/transmission/", "http://box/transmission/rpc", "box:80"],
  [
    "https://box/x/transmission/",
    "https://box/x/transmission/rpc",
    "https://box/x/transmission/rpc",
  ],
  ["https://box/own", "https://box/own", "https://box/own"],
  ["HTTP://BOX:1/?q#f", "http://box:1/transmission/rpc", "box:1"],
];
for (const [text, url, shown] of GOOD) {
  Deno.test(`the address ${text}`, () => {
    assertEquals(parseManagerAddress(text), { kind: "http", url, shown, credentials: null });
  });
}

Deno.test("a URL's name and password are kept apart from what is shown", () => {
  assertEquals(parseManagerAddress("https://me:p%40ss%zz@box/rpc"), {
    kind: "http",
    url: "https://box/rpc",
    shown: "https://box/rpc",
    credentials: { name: "me", password: "p%40ss%zz" },
  });
  const address = parseManagerAddress("http://me:p%40ss@box:1");
  assertEquals(address?.credentials, { name: "me", password: "p@ss" });
});

Deno.test("a Unix socket", () => {
  for (const text of ["unix:/run/tm.sock", "unix:///run/tm.sock"]) {
    const path = "/run/tm.sock";
    assertEquals(parseManagerAddress(text), {
      kind: "unix",
      path,
      shown: `unix:${path}`,
      credentials: null,
    });
  }
});

for (
  const text of [
    "",
    "a b",
    "box:",
    "box:99999",
    "me@box",
    "ftp://box",
    "box/path",
    "unix:",
    "1:2:3",
  ]
) {
  Deno.test(`"${text}" is no address`, () => assertEquals(parseManagerAddress(text), null));
}

Deno.test("credentials are a first line, and an error does not show them", () => {
  assertEquals(parseCredentials("me:a:b", "x"), { name: "me", password: "a:b" });
  assertEquals(parseCredentials("me:\r\nmore", "x"), { name: "me", password: "" });
  for (const text of ["secret", ":secret", "", "\nme:secret"]) {
    const error = assertThrows(() => parseCredentials(text, "after -n"), UsageError);
    assertEquals(error.message.includes("secret"), false);
  }
});
