import { assertEquals, assertStringIncludes } from "@std/assert";
import { completes, FakeEngine, torrentOf, World } from "./world.ts";

const TORRENT = torrentOf("a.bin");

function locked(): World {
  const world = new World();
  world.locked = true;
  world.files.set("a.torrent", TORRENT).set("downloads/a.torrent", TORRENT);
  world.engine = new FakeEngine(completes);
  return world;
}

for (const command of ["get", "seed", "verify"]) {
  Deno.test(`tm-locked ${command} -d elsewhere fails and exits with 28`, async () => {
    const world = locked();
    world.input = TORRENT;
    assertEquals(await world.run(command, "-", "-d", "elsewhere"), 28);
    assertStringIncludes(
      world.stderr.text,
      "tm-locked uses ./downloads and nothing else, got -d elsewhere",
    );
    assertEquals(world.log, []);
  });
}

for (const command of ["get", "seed", "verify"]) {
  Deno.test(`tm-locked ${command} names the wrong folder before a torrent it cannot read`, async () => {
    const world = locked();
    assertEquals(await world.run(command, "a.torrent", "-d", "elsewhere"), 28);
    assertStringIncludes(world.stderr.text, "got -d elsewhere");
  });
}

Deno.test("tm-locked downloads into ./downloads and folders inside it", async () => {
  for (const folder of ["./downloads", "downloads", "downloads/films"]) {
    const world = locked();
    world.input = TORRENT;
    assertEquals(await world.run("get", "-", "-d", folder), 0, world.stderr.text);
  }
});

Deno.test("tm-locked reads torrents inside ./downloads", async () => {
  assertEquals(await locked().run("get", "downloads/a.torrent"), 0);
});

Deno.test("tm-locked says how to give it a torrent that lies elsewhere", async () => {
  const world = locked();
  assertEquals(await world.run("get", "a.torrent"), 17);
  assertEquals(
    world.stderr.text,
    "Error: tm-locked cannot read a.torrent, only what is in ./downloads\n" +
      "Put the torrent in ./downloads, give its URL, or pipe it:\n" +
      "  tm-locked get - < a.torrent\n",
  );
});

Deno.test("tm-locked makes torrents of what is in ./downloads, and puts them there", async () => {
  const world = locked();
  world.files.set("photos", "folder").set("downloads/photos", "folder");
  world.create = () => Promise.resolve({ torrent: TORRENT, skipped: [], hashedAt: 0 });
  assertEquals(await world.run("create", "photos"), 17);
  assertEquals(await world.run("create", "downloads/photos"), 0);
  assertEquals(world.log, ["write downloads/photos.torrent"]);
  assertEquals(await world.run("create", "downloads/photos", "-o", "x.torrent"), 28);
});
