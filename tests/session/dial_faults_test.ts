import { ProxyError } from "../../src/proxy/mod.ts";
import { assertEquals } from "@std/assert";
import { millis } from "../../src/base/mod.ts";
import { connectFault, DialFaults, handshakeFault } from "../../src/session/dial_faults.ts";
import { encodeHandshake, PeerConnection } from "../../src/wire/mod.ts";
import { handshake, hear, QuietLink } from "../wire/talk.ts";

const to = (port: number) => ({ host: "1.2.3.4", port });

Deno.test("each address counts once, with its latest failure", () => {
  const faults = new DialFaults();
  faults.note(to(1), "silent", "Timed out");
  faults.note(to(2), "refused", "Connection refused");
  faults.note(to(1), "refused", "Connection refused");
  assertEquals(faults.counts(), { refused: 2 });
  assertEquals(faults.last, { peer: "1.2.3.4:1", reason: "Connection refused" });
  faults.works(to(1));
  assertEquals(faults.counts(), { refused: 1 });
  faults.clear();
  assertEquals([faults.size, faults.last], [0, null]);
});

Deno.test("however many addresses fail, the memory of it is bounded and the latest stay", () => {
  const faults = new DialFaults();
  for (let port = 1; port <= 5000; port++) {
    faults.note(to(port), port > 4000 ? "refused" : "silent", "x");
  }
  assertEquals(faults.counts(), { silent: 1000, refused: 1000 });
});

Deno.test("a connection that cannot be made has a fault of its own", () => {
  const { errors } = Deno;
  const full = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  const host = Object.assign(new Error("No route to host (os error 113)"), {
    code: "EHOSTUNREACH",
  });
  const cases: readonly (readonly [unknown, string])[] = [
    [new errors.ConnectionRefused(), "refused"],
    [new errors.TimedOut(), "silent"],
    [new DOMException("", "AbortError"), "silent"],
    [new errors.NetworkUnreachable(), "unreachable"],
    [new errors.ConnectionReset(), "hung-up"],
    [full, "no-socket"],
    [new ProxyError("credentials", "no"), "proxy"],
    [new ProxyError("target-refused", "no"), "refused"],
    [host, "unreachable"],
    [new Error("?"), "other"],
  ];
  for (const [error, fault] of cases) assertEquals(connectFault(error), fault);
});

Deno.test("a connection that ends in its handshake tells how far it came", () => {
  const make = () => {
    const connection = new PeerConnection(handshake(1), () => null, millis(0));
    connection.attach(new QuietLink());
    return connection;
  };
  const silent = make();
  assertEquals(handshakeFault(silent, true), "no-handshake");
  assertEquals(handshakeFault(silent, false), "hung-up");
  const rude = make();
  hear(rude, new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"), Infinity, millis(0));
  assertEquals([rude.faulty, handshakeFault(rude, false)], [true, "nonsense"]);
  const refused = make();
  hear(refused, encodeHandshake(handshake(2)), Infinity, millis(0));
  assertEquals(handshakeFault(refused, false), "unwanted");
});
