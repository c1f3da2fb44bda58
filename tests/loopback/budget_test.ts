import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { Client, Folder, labTorrent } from "./lab.ts";
import { Managed } from "./managed.ts";
import { WebServer } from "./web_server.ts";

const MIB = 1024 * 1024;
const forever = { minutes: null, ratio: null };
const torrent = await labTorrent("budgeted", [["", 96 * MIB]], 256 * 1024);
const other = await labTorrent("budgeted too", [["", 96 * MIB]], 256 * 1024);

/** What a client sent of a torrent. */
function sent({ session: { control } }: Client, id: string): number {
  return control.snapshot(id)!.uploaded;
}

Deno.test("a budget ends the torrents that are not complete when it is used up, and no later", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent).fill(other));
  const ids = [];
  for (const each of [torrent, other]) {
    ids.push(await seeder.add(each, { seed: forever, seedOnly: true }));
    await seeder.heard("done", (done) => done.name === each.name);
  }
  const budget = 40 * MIB + 12_345;
  await using leecher = await Client.start(target, { budget });
  for (const each of [torrent, other]) await leecher.add(each, { peers: [seeder.address] });
  for (const id of ids) {
    const { reason } = await leecher.heard("error", (error) => error.torrent === id);
    assertEquals(reason, "budget");
  }
  const downloaded = ids.reduce(
    (sum, id) => sum + leecher.session.control.snapshot(id)!.downloaded,
    0,
  );
  assertGreaterOrEqual(downloaded, budget);
  assertLessOrEqual(downloaded, budget + 16_384);
  // nor was more asked for, so nothing lies in the system's buffers
  assertLessOrEqual(ids.reduce((sum, id) => sum + sent(seeder, id), 0), budget + 16_384);
});

Deno.test("of web servers no more comes beyond the budget than a read or two of each connection", async () => {
  using target = new Folder();
  await using server = new WebServer(torrent);
  const budget = 20 * MIB;
  await using leecher = await Client.start(target, { budget });
  const id = await leecher.add(torrent, { webseeds: [server.url] });
  assertEquals((await leecher.heard("error")).reason, "budget");
  const { downloaded } = leecher.session.control.snapshot(id)!;
  assertGreaterOrEqual(downloaded, budget);
  assertLessOrEqual(downloaded, budget + 2 * MIB);
});

Deno.test("a budget of exactly the torrent's size is enough", async () => {
  const small = await labTorrent("just", [["", 3 * MIB + 5]], 64 * 1024);
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(small));
  await seeder.seed(small);
  await using leecher = await Client.start(target, { budget: small.data.length });
  await leecher.add(small, { peers: [seeder.address] });
  await leecher.heard("done");
  assertEquals(leecher.all("error"), []);
  target.assertHolds(small);
});

Deno.test("a manager keeps to its budget over runs, says why, and goes on when it is raised", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent));
  const id = await seeder.add(torrent, { seed: forever, seedOnly: true });
  await seeder.heard("done");
  {
    await using managed = await Managed.start(target, { maxDay: 30 * MIB, maxTotal: 1000 * MIB });
    await managed.add(torrent, { peers: [seeder.address] });
    const { downloaded, activity, trouble } = await managed.until((view) =>
      view.activity === "download-wait" && view.downloaded > 0
    );
    assertEquals([activity, trouble.kind], ["download-wait", "none"]);
    assertGreaterOrEqual(downloaded, 30 * MIB);
    assertLessOrEqual(downloaded, 30 * MIB + 16_384);
    const [{ why } = {}] = await managed.manager.torrents(null, ["why"]);
    assertEquals(why?.text, "the budget of 30.0 MiB a day is used up: wait for the next");
  }
  const before = sent(seeder, id);
  await using managed = await Managed.start(target);
  assertEquals((await managed.view()).activity, "download-wait");
  await managed.manager.setSession({ maxDay: 35 * MIB });
  const { downloaded } = await managed.until((view) =>
    view.activity === "download-wait" && view.downloaded >= 35 * MIB
  );
  assertLessOrEqual(downloaded, 35 * MIB + 16_384);
  assert(sent(seeder, id) > before);
  await managed.manager.setSession({ maxDay: 0 });
  await managed.until((view) => view.activity === "seeding");
  target.assertHolds(torrent);
});

Deno.test("a torrent keeps to a budget of its own, and others go on", async () => {
  using source = new Folder();
  using target = new Folder();
  await using seeder = await Client.start(source.fill(torrent).fill(other));
  for (const each of [torrent, other]) {
    await seeder.add(each, { seed: forever, seedOnly: true });
    await seeder.heard("done", (done) => done.name === each.name);
  }
  await using managed = await Managed.start(target);
  const peers = [seeder.address];
  const id = await managed.add(torrent, { peers, settings: { maxTotal: 10 * MIB } });
  const whole = await managed.add(other, { peers });
  await managed.until((view) => view.activity === "seeding", whole);
  const spent = await managed.until((view) => view.activity === "download-wait", id);
  assertLessOrEqual(spent.downloaded, 10 * MIB + 16_384);
  const [{ why } = {}] = await managed.manager.torrents([id], ["why"]);
  assertEquals(
    why?.text,
    "the budget of 10.0 MiB for this torrent is used up: raise it to go on",
  );
  await managed.manager.set([id], { maxTotal: 0 });
  await managed.until((view) => view.activity === "seeding", id);
});
