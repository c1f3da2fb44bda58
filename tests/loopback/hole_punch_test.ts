/** Three sessions: one that can be called by nobody is met all the same, as a third knows both (BEP 55). */
import { assertEquals } from "@std/assert";
import { Client, Folder, labTorrent } from "./lab.ts";

Deno.test("a peer that cannot be called calls, when a third that both know arranges it", async () => {
  const torrent = await labTorrent("punch.bin", [["", 300_000]], 16 * 1024);
  using first = new Folder();
  using second = new Folder();
  using third = new Folder();
  // nobody has anything: it is about who is connected
  await using relay = await Client.start(first, { tcp: false });
  await relay.add(torrent);
  await using hidden = await Client.start(second, { tcp: false, listenPort: null });
  await hidden.add(torrent, { peers: [relay.address] });
  await relay.heard("peer", ({ action }) => action === "connected");
  await using caller = await Client.start(third, { tcp: false });
  await caller.add(torrent, { peers: [relay.address] });
  // the relay tells of the hidden one after three seconds, which refuses the call, and is told to call itself
  const met = ({ action, peer }: { action: string; peer: string }) =>
    action === "connected" && peer !== relay.address;
  await caller.heard("peer", met);
  assertEquals((await hidden.heard("peer", met)).peer, caller.address);
  for (const each of [relay, hidden, caller]) assertEquals(each.all("warning"), []);
});
