/**
 * A SOCKS 5 proxy in a network namespace: proxy.ts ADDRESS PORT NAME=ADDRESS…. Prints a line of JSON when it is up, and
 * one for each new target of a connection or a packet.
 */
import { FakeProxy } from "../../net/proxy/fake_proxy.ts";

const [hostname = "", port = "", ...names] = Deno.args;
const proxy = new FakeProxy({
  hostname,
  port: Number(port),
  names: Object.fromEntries(names.map((each) => each.split("=") as [string, string])),
  relay: hostname.split(".").map(Number),
  password: { user: "me", word: "hunter2" },
});
say({ type: "up" });
const known = new Set<string>();
setInterval(() => {
  const all = [
    ...proxy.targets.map((to) => `tcp ${to}`),
    ...proxy.packets.map((to) => `udp ${to}`),
  ];
  for (const target of all) {
    if (known.has(target)) continue;
    known.add(target);
    say({ type: "target", target });
  }
}, 50);

function say(event: unknown): void {
  // deno-lint-ignore no-console -- a script's output
  console.log(JSON.stringify(event));
}
