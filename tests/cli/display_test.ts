import { describeMapping } from "../../src/cli/describe.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { EngineEvent } from "../../src/session/mod.ts";
import { failure, FakeEngine, progress, shown, torrentOf, World } from "./world.ts";

function tracker(torrent: string, ok: boolean, message: string | null): EngineEvent {
  const url = "http://t/announce";
  return {
    type: "tracker",
    torrent,
    url,
    ok,
    peers: 3,
    seeders: 1,
    leechers: 2,
    message,
    fault: ok ? null : "unreachable",
    next: 60,
  };
}

// deno-lint-ignore no-control-regex -- what must not be there
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/;

Deno.test("not on a terminal there is no colour and no carriage return", async () => {
  const world = new World();
  world.noColor = false;
  await shown(world, (engine, id) => {
    engine.emit(progress(id));
    engine.emit({ type: "warning", torrent: id, message: "careful" });
  });
  assert(!CONTROL.test(world.stdout.text + world.stderr.text));
  assertEquals(world.stderr.text, "Warning: a.bin: careful\n");
});

Deno.test("not on a terminal a line comes at a change and otherwise once a minute", async () => {
  const world = new World();
  await shown(world, (engine, id) => {
    engine.emit({ type: "checking", torrent: id, checked: 0, done: 0, size: 40_000 });
    engine.emit({ type: "checking", torrent: id, checked: 20_000, done: 0, size: 40_000 });
    for (let second = 0; second < 150; second++) {
      engine.emit(progress(id, { done: 100 * second }));
      world.advance(1000);
    }
    const seeding = progress(id, { state: "seeding", done: 40_000, eta: null, upRate: 1024 });
    engine.emit(seeding);
    const done = { type: "done", torrent: id, name: "a.bin", size: 40_000 } as const;
    engine.emit({ ...done, downloaded: 40_000, seconds: 1 });
    engine.emit(seeding);
  });
  assertEquals(world.stdout.text.split("\n"), [
    "a.bin: checking what is on disk, 0%",
    "a.bin: 0%, 0.0/39.1 KiB, ↓ 9.8 KiB/s, ↑ 0 B/s, 2/5 peers, 2s left",
    "a.bin: 15%, 5.9/39.1 KiB, ↓ 9.8 KiB/s, ↑ 0 B/s, 2/5 peers, 2s left",
    "a.bin: 30%, 11.7/39.1 KiB, ↓ 9.8 KiB/s, ↑ 0 B/s, 2/5 peers, 2s left",
    "a.bin: 39.1 KiB in 1.0 s (39.1 KiB/s), saved to downloads/a.bin",
    "a.bin: seeding, ↑ 1.0 KiB/s, 0 B sent, 2/5 peers",
    "a.bin: 39.1 KiB in 2.0 s (19.5 KiB/s), saved to downloads/a.bin",
    "",
  ]);
});

Deno.test("on a terminal the status is redrawn in place", async () => {
  const world = new World().onTerminal();
  await shown(world, (engine, id) => {
    engine.emit(progress(id));
    world.advance(500);
    engine.emit(progress(id, { done: 30_000 }));
  });
  const [first, second, rest] = world.stdout.text.split("\x1b[1A\r\x1b[J");
  assertStringIncludes(first!, " 50% ");
  assertStringIncludes(second!, " 75% ");
  assert(rest!.startsWith("a.bin: 39.1 KiB in 2.0 s"), rest!);
});

Deno.test("after the last torrent no status is left on the terminal", async () => {
  const world = new World().onTerminal();
  await shown(world, (engine, id) => engine.emit(progress(id)));
  assert(world.stdout.text.endsWith("saved to downloads/a.bin\n\x1b[1A\r\x1b[J") === false);
  assertEquals(screen(world.stdout.text), [
    "a.bin: 39.1 KiB in 2.0 s (19.5 KiB/s), saved to downloads/a.bin",
    "",
  ]);
});

Deno.test("on a terminal at most ten pictures a second are drawn", async () => {
  const world = new World().onTerminal();
  await shown(world, (engine, id) => {
    for (let i = 0; i < 100; i++) {
      engine.emit(progress(id, { done: i }));
      world.advance(10);
    }
  });
  // Ten in that second, the first one, and once more below the summary.
  assertEquals(world.stdout.text.split("↓").length - 1, 12);
});

Deno.test("errors and warnings scroll above the status", async () => {
  const world = new World().onTerminal();
  world.files.set("a.torrent", torrentOf("a.bin"));
  let order = "";
  world.stdout.write = (text) => void (order += text);
  world.stderr.write = (text) => void (order += text);
  world.engine = new FakeEngine((engine, id) => {
    engine.emit(progress(id));
    engine.emit({ type: "warning", torrent: id, message: "careful" });
    world.interrupt();
  });
  await world.run("get", "a.torrent");
  assertEquals(screen(order), [
    "Warning: a.bin: careful",
    "Stopping… press Ctrl-C again to quit at once",
    "a.bin: stopped at 50% (19.5/39.1 KiB); run the same command again to go on",
    "",
  ]);
});

Deno.test("a terminal made narrower is cleared of the lines it wrapped", async () => {
  const world = new World().onTerminal();
  await shown(world, (engine, id) => {
    engine.emit(progress(id));
    world.columns = 30;
    world.advance(500);
    engine.emit(progress(id));
  });
  assertStringIncludes(world.stdout.text, "\x1b[3A\r\x1b[J");
});

Deno.test("colours are for terminals, without NO_COLOR and --no-color", async () => {
  const paints = async (noColor: boolean, ...options: string[]) => {
    const world = new World().onTerminal();
    world.noColor = noColor;
    await shown(world, (engine, id) => engine.emit(failure(id, "stalled")), ...options);
    return world.stderr.text.includes("\x1b[31m");
  };
  assertEquals(await paints(false), true);
  assertEquals(await paints(true), false);
  assertEquals(await paints(false, "--no-color"), false);
});

Deno.test("what strangers send cannot steer the terminal", async () => {
  const evil = "\x1b[2J\x9b1;1Hx\r\u202e";
  const world = new World();
  await shown(world, (engine, torrent) => {
    engine.emit({
      type: "added",
      torrent,
      name: evil,
      size: 1,
      files: 1,
      pieces: 1,
      pieceLength: 1,
      private: false,
    });
    engine.emit({ type: "warning", torrent, message: evil });
    engine.emit(tracker(torrent, false, evil));
    const peer = { type: "peer", torrent, peer: evil, client: evil, reason: evil } as const;
    engine.emit({ ...peer, action: "banned" });
    engine.emit(progress(torrent));
    engine.emit({ type: "done", torrent, name: evil, size: 1, downloaded: 1, seconds: 1 });
  });
  const text = world.stdout.text + world.stderr.text;
  assert(!CONTROL.test(text) && !text.includes("\u202e"), JSON.stringify(text));
});

Deno.test("a tracker's complaint is told once, not at each announce", async () => {
  const world = await shown(new World(), (engine, id) => {
    for (let i = 0; i < 3; i++) engine.emit(tracker(id, false, "Connection refused"));
    engine.emit(tracker(id, true, null));
    engine.emit(tracker(id, false, "Connection refused"));
  });
  const complaint = "Warning: Tracker http://t/announce: Connection refused\n";
  assertEquals(world.stderr.text, complaint + complaint);
});

Deno.test("-v tells of trackers, peers and the port", async () => {
  const world = await shown(new World(), (engine, torrent) => {
    engine.emit({ type: "listening", port: 6882 });
    engine.emit(tracker(torrent, true, null));
    const peer = {
      type: "peer",
      torrent,
      peer: "1.2.3.4:5",
      client: "qB 5",
      reason: null,
    } as const;
    engine.emit({ ...peer, action: "connected" });
    const dht = { type: "dht", torrent, nodes: 30, peers: 2, next: 900 } as const;
    engine.emit({ ...dht, answered: 12, announced: 8 });
    engine.emit({ ...dht, answered: 0, announced: 0 });
  }, "-v");
  const lines = [
    "Listening on port 6882",
    "Tracker http://t/announce: 3 peers, 1 seeding",
    "Peer 1.2.3.4:5 (qB 5) connected",
    "DHT: 2 peers from 12 nodes, announced to 8",
    "DHT: no node answers",
  ];
  assertStringIncludes(world.stderr.text, lines.join("\n"));
});

Deno.test("summaries say what was already there", async () => {
  const done = { type: "done", name: "a.bin", size: 2048, seconds: 0.5 } as const;
  const world = await shown(new World(), (engine, torrent) => {
    engine.emit({ ...done, torrent, downloaded: 0 });
    engine.emit({ ...done, torrent, downloaded: 1024 });
    engine.emit({ type: "finished", torrent, uploaded: 4096 });
  });
  assertStringIncludes(
    world.stdout.text,
    "a.bin: 2.0 KiB, complete in downloads/a.bin\n" +
      "a.bin: 2.0 KiB, 1.0 KiB of it in 0.50 s (2.0 KiB/s), saved to downloads/a.bin\n" +
      "a.bin: 4.0 KiB sent\n",
  );
});

/** The lines left on a screen after `text`, which moves up and erases as `tm` does. */
function screen(text: string): string[] {
  let lines = [""];
  const parts = text.replaceAll("\x1b[J", "").replaceAll("\x1b[", "\r[").split(/(\n)|\r(\[\d+A)\r/);
  for (const part of parts) {
    if (part === undefined) continue;
    const up = /^\[(\d+)A$/.exec(part);
    if (up !== null) lines = [...lines.slice(0, lines.length - 1 - Number(up[1])), ""];
    else if (part === "\n") lines.push("");
    else lines[lines.length - 1] += part;
  }
  return lines;
}

Deno.test("a router's port is told as open, and that another router is before it where its address says so", () => {
  const event = {
    type: "mapping",
    ok: true,
    protocol: "UPnP",
    gateway: "192.168.1.1",
    address: "1.2.3.4",
    tcp: 6881,
    udp: 6881,
    message: null,
  } as const;
  const open = "Port 6881 is open at 1.2.3.4: UPnP of router 192.168.1.1";
  assertEquals(describeMapping(event), open);
  for (const address of ["192.168.0.2", "100.64.0.9", "0.0.0.0"]) {
    const text = describeMapping({ ...event, address });
    assertEquals(
      text,
      `${open.replace("1.2.3.4", address)}; its address is not public: another router is before it`,
    );
  }
});
