/**
 * A router in a network namespace: router.ts ADDRESS pcp|nat-pmp|upnp. Prints a line of JSON when it is up, and one with
 * what it keeps open after each change.
 */
import { FakeRouter } from "../../net/port_mapping/fake_router.ts";

const [hostname = "", speaks = ""] = Deno.args;
const pmp = speaks === "pcp" || speaks === "nat-pmp" ? speaks : undefined;
const router = new FakeRouter({
  hostname,
  standard: true,
  upnp: speaks === "upnp",
  ...(pmp === undefined ? {} : { pmp }),
});
// whoever is on the interface of a member hears the group, on any socket of its port
const ear = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
await ear.joinMulticastV4("239.255.255.250", hostname);
say({ type: "up" });
let before = "";
setInterval(() => {
  const open = [...router.open.keys(), ...router.pmp?.held.keys() ?? []].sort();
  if (open.join() === before) return;
  before = open.join();
  say({ type: "open", open });
}, 50);

function say(event: unknown): void {
  // deno-lint-ignore no-console -- a script's output
  console.log(JSON.stringify(event));
}
