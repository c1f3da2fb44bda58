import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import {
  bytes,
  choice,
  decimal,
  fileName,
  listenAddress,
  peer,
  pieceLength,
  port,
  seconds,
  trackerUrl,
  webseedUrl,
} from "../../src/cli/option_values.ts";
import type { Reader } from "../../src/cli/option.ts";

function accepts<T>(read: Reader<T>, cases: readonly (readonly [string, T])[]) {
  for (const [text, value] of cases) assertEquals(read(text, "--x"), value, text);
}

function refuses(read: Reader<unknown>, texts: readonly string[]) {
  for (const text of texts) assertThrows(() => read(text, "--x"), UsageError, "after --x");
}

Deno.test("sizes take K, M, G and T as powers of 1024", () => {
  accepts(bytes, [
    ["0", 0],
    ["300", 300],
    ["1K", 1024],
    ["1k", 1024],
    ["1.5M", 1_572_864],
    ["2G", 2_147_483_648],
    ["1T", 1_099_511_627_776],
    ["1KiB", 1024],
    ["1MB", 1_048_576],
  ]);
  refuses(bytes, ["", "-1", "1X", "K", "1e9", "0x10", "1 K", "9999999T", "NaN", "1,5M"]);
});

Deno.test("a piece length is a power of two in range", () => {
  accepts(pieceLength, [["16K", 16_384], ["1M", 1_048_576], ["256M", 268_435_456]]);
  refuses(pieceLength, ["8K", "100K", "512M", "0", "x"]);
});

Deno.test("times are seconds or have a unit", () => {
  accepts(seconds, [["90", 90], ["0", 0], ["1.5s", 1.5], ["5m", 300], ["2h", 7200], [
    "1d",
    86_400,
  ]]);
  refuses(seconds, ["", "-1", "5 m", "1w", "soon"]);
});

Deno.test("numbers are plain decimals", () => {
  accepts(decimal, [["0", 0], ["1.5", 1.5], ["10", 10]]);
  refuses(decimal, ["", "-1", "1e3", "Infinity", "x"]);
});

Deno.test("a port is from 0 to 65535", () => {
  accepts(port, [["0", 0], ["6881", 6881], ["65535", 65_535]]);
  refuses(port, ["65536", "-1", "http", "", "1.5"]);
});

Deno.test("a peer has a host and a port", () => {
  accepts(peer, [["1.2.3.4:5", "1.2.3.4:5"], ["[::1]:6881", "[::1]:6881"], ["host:1", "host:1"]]);
  refuses(peer, ["1.2.3.4", ":5", "1.2.3.4:0", "::1:5", "a b:1"]);
});

Deno.test("an address to listen on may be a port alone", () => {
  accepts(listenAddress, [
    ["0.0.0.0:80", { hostname: "0.0.0.0", port: 80 }],
    ["[::]:6969", { hostname: "::", port: 6969 }],
    [":0", { hostname: "127.0.0.1", port: 0 }],
    ["8080", { hostname: "127.0.0.1", port: 8080 }],
  ]);
  refuses(listenAddress, ["", "x", "1.2.3.4:70000", "::1:5"]);
});

Deno.test("URLs need a scheme that is known and a host", () => {
  accepts(trackerUrl, [["udp://t.example:1/announce", "udp://t.example:1/announce"]]);
  refuses(trackerUrl, ["t.example/announce", "ftp://t.example/", "", "javascript:alert(1)"]);
  accepts(webseedUrl, [["https://w.example/a", "https://w.example/a"]]);
  refuses(webseedUrl, ["udp://w.example/", "file:///etc/passwd"]);
});

Deno.test("a name is one safe component", () => {
  accepts(fileName, [["a b.iso", "a b.iso"], ["日本", "日本"]]);
  refuses(fileName, ["", ".", "..", "a/b", "/x", "..\\x", "a\nb", ".tm"]);
});

Deno.test("a choice is one of a list", () => {
  assertEquals(choice(["a", "b"])("b", "--x"), "b");
  assertThrows(
    () => choice(["a", "b"])("c", "--x"),
    UsageError,
    'Expected a, b after --x, got "c"',
  );
});
