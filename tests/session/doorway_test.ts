import { assertEquals } from "@std/assert";
import { millis, SeededRandom } from "../../src/base/mod.ts";
import type { MappingWorld } from "../../src/net/mod.ts";
import type { EngineEvent } from "../../src/session/mod.ts";
import { Doorway } from "../../src/session/doorway.ts";

/** A doorway whose router says what a test wants. */
function opened(tcp: number | null, udp: number | null) {
  const doorway = new Doorway(tcp, udp);
  const events: EngineEvent[] = [];
  const moves: (string | null)[] = [];
  const worlds: MappingWorld[] = [];
  /** Ports that others were to hear of at once. */
  const told: (number | null)[] = [];
  const clock = { now: 0 };
  let closed = 0;
  doorway.map({
    choice: { gateway: null },
    random: new SeededRandom(1),
    now: () => millis(clock.now),
    emit: (event) => events.push(event),
    moved: (host, elsewhere) => {
      moves.push(host);
      if (elsewhere) told.push(doorway.port);
    },
  }, (world) => {
    worlds.push(world);
    return Promise.resolve({ close: () => Promise.resolve(void closed++) });
  });
  return { doorway, events, moves, told, clock, worlds, closed: () => closed };
}

const mapped = {
  phase: "mapped",
  protocol: "UPnP",
  gateway: "192.168.1.1",
  host: "203.0.113.7",
  ports: { tcp: 20_000, udp: 6881 },
} as const;

Deno.test("others are told the port that a router leads to ours, while it does", async () => {
  const { doorway, events, moves, worlds, closed } = opened(6881, 6881);
  assertEquals([doorway.port, doorway.mapping?.phase], [6881, "asking"]);
  assertEquals(worlds[0]!.ports, { tcp: 6881, udp: 6881 });
  worlds[0]!.report(mapped);
  worlds[0]!.report(mapped);
  assertEquals([doorway.port, doorway.udpPort], [20_000, 6881]);
  worlds[0]!.report({ phase: "failed", message: "gone" });
  assertEquals(doorway.port, 6881);
  assertEquals(moves, ["203.0.113.7", null]);
  assertEquals(events.map((event) => event.type === "mapping" && [event.ok, event.tcp]), [
    [true, 20_000],
    [false, null],
  ]);
  await doorway.close();
  assertEquals(closed(), 1);
});

Deno.test("who takes no connections has nothing mapped", async () => {
  const { doorway, worlds } = opened(null, 6881);
  assertEquals([worlds.length, doorway.mapping, doorway.port], [0, null, null]);
  await doorway.close();
});

Deno.test("a router whose address alone changes sends nobody to the trackers", () => {
  const { moves, told, worlds } = opened(6881, 6881);
  for (const host of ["203.0.113.7", "203.0.113.8"]) worlds[0]!.report({ ...mapped, host });
  assertEquals(moves, ["203.0.113.7", "203.0.113.8"]);
  assertEquals(told, [20_000]);
});

Deno.test("a router that gives another port each minute is followed at once six times an hour", () => {
  const { told, clock, worlds, doorway } = opened(6881, 6881);
  for (let minute = 0; minute < 70; minute++) {
    clock.now = minute * 60_000;
    worlds[0]!.report({ ...mapped, ports: { tcp: 20_000 + minute, udp: 6881 } });
  }
  assertEquals(told.map((port) => port! - 20_000), [0, 1, 2, 3, 4, 5, 60, 61, 62, 63, 64, 65]);
  assertEquals(doorway.port, 20_069);
});
