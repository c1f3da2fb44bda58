import { assert, assertEquals } from "@std/assert";
import {
  type Bytes,
  type Millis,
  millis,
  readUint16,
  readUint32,
  SeededRandom,
  writeUint16,
  writeUint32,
} from "../../src/base/mod.ts";
import { type LeaseOptions, type LeaseStatus, PortLeases } from "../../src/gateway/mod.ts";
import { FakePmp } from "./fake_pmp.ts";

const PORTS = { tcp: 6881, udp: 6881 };

/** Leases and a gateway on a clock that jumps from deadline to deadline. */
class World {
  now = millis(1_000);
  readonly sent: { readonly at: number; readonly packet: Bytes }[] = [];
  readonly leases: PortLeases;

  constructor(
    readonly gateway: { answer(packet: Bytes, now: Millis): readonly Bytes[] },
    options: Partial<LeaseOptions> = {},
  ) {
    const all = { client: "192.168.1.5", ports: PORTS, random: new SeededRandom(1), ...options };
    this.leases = new PortLeases(all, (packet) => this.#send(packet), this.now);
  }

  /** Lets everything happen that is due until `ms` from now. */
  run(ms: number): LeaseStatus {
    const end = this.now + ms;
    for (let guard = 0; guard < 100_000; guard++) {
      const next = Math.max(this.now, this.leases.nextDeadline());
      if (next > end) break;
      this.now = millis(next);
      this.leases.tick(this.now);
    }
    this.now = millis(end);
    return this.leases.status;
  }

  #send(packet: Bytes): void {
    this.sent.push({ at: this.now, packet });
    for (const answer of this.gateway.answer(packet, this.now)) {
      this.leases.receive(answer, this.now);
    }
  }
}

const silent = { answer: () => [] };

Deno.test("a gateway with PCP gives both ports and its address", () => {
  const world = new World(new FakePmp("pcp"));
  assertEquals(world.run(1_000), {
    phase: "mapped",
    protocol: "PCP",
    host: "203.0.113.7",
    ports: { tcp: 6881, udp: 6881 },
  });
  assertEquals(world.sent.length, 2);
});

Deno.test("one that only knows NAT-PMP is understood at once", () => {
  const world = new World(new FakePmp("nat-pmp"));
  const status = world.run(300);
  assertEquals(status.phase === "mapped" && [status.protocol, status.host, status.ports], [
    "NAT-PMP",
    "203.0.113.7",
    PORTS,
  ]);
});

Deno.test("one that is silent is asked at 250 ms, doubled, first by PCP and then by NAT-PMP", () => {
  const world = new World(silent, { ports: { tcp: 1 } });
  const status = world.run(60_000);
  assertEquals(status, { phase: "failed", silent: true, message: "it does not answer" });
  const times = world.sent.filter(({ packet }) => packet[0] === 2).map(({ at }) => at - 1_000);
  // the last of each gives back what may have been given
  assertEquals(times, [0, 250, 750, 1_750]);
  const later = world.sent.filter(({ packet }) => packet[0] === 0 && packet[1] === 2);
  assertEquals(later.map(({ at }) => at - 1_000), [1_750, 2_000, 2_500, 3_500]);
});

Deno.test("without an address of ours PCP is left out, as it would have to name one", () => {
  const world = new World(new FakePmp("pcp+nat-pmp"), { client: null });
  const status = world.run(1_000);
  assertEquals(status.phase === "mapped" && status.protocol, "NAT-PMP");
});

for (const kind of ["pcp", "nat-pmp"] as const) {
  Deno.test(`${kind}: leases are renewed at half their life, with the port that was given`, () => {
    const gateway = new FakePmp(kind);
    gateway.shift = 100;
    const world = new World(gateway, { ports: { tcp: 6881 } });
    const status = world.run(2_000);
    assertEquals(status.phase === "mapped" && status.ports, { tcp: 6981 });
    gateway.asked.length = 0;
    world.run(3_600_000 * 3);
    const renewals = gateway.asked.filter(({ lifetime }) => lifetime !== null);
    assertEquals(renewals.map(({ external }) => external), Array(6).fill(6981));
    assertEquals(world.leases.status.phase, "mapped");
  });

  Deno.test(`${kind}: one that falls silent loses the lease at its end, not before`, () => {
    const gateway = new FakePmp(kind);
    const world = new World(gateway);
    world.run(2_000);
    gateway.mute = true;
    assertEquals(world.run(3_590_000).phase, "mapped");
    assertEquals(world.run(20_000), {
      phase: "failed",
      silent: true,
      message: "it fell silent",
    });
  });

  Deno.test(`${kind}: after its restart everything is asked for anew`, () => {
    const gateway = new FakePmp(kind);
    const world = new World(gateway);
    world.run(1_200_000);
    gateway.restart(world.now);
    gateway.asked.length = 0;
    // the first renewal shows it, and the other one is renewed at the same moment
    assertEquals(world.run(700_000).phase, "mapped");
    assert(gateway.held.size === 2, `${gateway.held.size} held`);
  });

  Deno.test(`${kind}: one whose epoch jumps in every answer is asked once a minute at most`, () => {
    const gateway = new FakePmp(kind);
    let epoch = 100;
    gateway.epochOf = () => epoch = epoch > 50 ? 1 : 1_000_000;
    const world = new World(gateway);
    world.run(60 * 60_000);
    assert(world.sent.length < 60 * 2 * 3, `${world.sent.length} packets`);
  });

  Deno.test(`${kind}: lives of a second or a century are not taken at their word`, () => {
    for (const lifetime of [1, 0xffff_ffff]) {
      const gateway = new FakePmp(kind);
      gateway.lifetime = lifetime;
      const world = new World(gateway, { ports: { udp: 9 } });
      world.run(60 * 60_000);
      const most = lifetime === 1 ? 62 * 2 : 6;
      assert(world.sent.length <= most, `${world.sent.length} packets`);
    }
  });

  Deno.test(`${kind}: a refusal is told, and no way around it is tried`, () => {
    const gateway = new FakePmp(kind);
    gateway.result = 2;
    const status = new World(gateway).run(1_000);
    assertEquals(status, {
      phase: "failed",
      silent: false,
      message: "it refuses: port mapping is switched off there",
    });
  });

  Deno.test(`${kind}: leaving gives the ports back, once heard it is over`, () => {
    const gateway = new FakePmp(kind);
    const world = new World(gateway);
    world.run(1_000);
    assertEquals(gateway.held.size, 2);
    world.leases.leave(world.now);
    assertEquals(world.leases.status.phase, "left");
    assertEquals(gateway.held.size, 0);
  });

  Deno.test(`${kind}: what is done unheard is given back, when we leave and when we give up`, () => {
    for (const wait of [100, 5_000]) {
      const gateway = new FakePmp(kind);
      gateway.unheard = true;
      const world = new World(gateway, kind === "pcp" ? {} : { client: null });
      world.run(100);
      assertEquals(gateway.held.size, 2);
      world.run(wait);
      world.leases.leave(world.now);
      assert(["left", "failed"].includes(world.run(500).phase));
      assertEquals(gateway.held.size, 0);
    }
  });

  Deno.test(`${kind}: the answer to what was asked before we leave is not the end`, () => {
    const gateway = new FakePmp(kind);
    gateway.unheard = true;
    const world = new World(gateway, {
      ports: { tcp: 6881 },
      client: kind === "pcp" ? "10.0.0.2" : null,
    });
    world.run(100);
    const given = gateway.answers.at(-1)!;
    world.leases.leave(world.now);
    world.leases.receive(given, world.now);
    assertEquals(world.leases.status.phase, "asking");
    gateway.unheard = false;
    world.leases.receive(gateway.answers.at(-1)!, world.now);
    assertEquals(world.leases.status.phase, "left");
  });

  Deno.test(`${kind}: a refusal to renew takes nothing away, so it is given back`, () => {
    const gateway = new FakePmp(kind);
    const world = new World(gateway);
    world.run(1_000);
    gateway.refuses = "udp";
    world.run(2_000_000);
    const { status } = world.leases;
    assertEquals(status.phase === "mapped" && status.ports, { tcp: 6881 });
    gateway.refuses = null;
    world.leases.leave(world.now);
    assertEquals(world.run(1_000).phase, "left");
    assertEquals(gateway.held.size, 0);
  });

  Deno.test(`${kind}: leaving one that is gone takes less than a second`, () => {
    const gateway = new FakePmp(kind);
    const world = new World(gateway);
    world.run(1_000);
    gateway.mute = true;
    world.leases.leave(world.now);
    assertEquals(world.run(1_000).phase, "left");
  });
}

Deno.test("an answer with another nonce, port or protocol is not ours", () => {
  const gateway = new FakePmp("pcp");
  for (
    const twist of [
      (answer: Bytes) => answer[24]!++,
      (answer: Bytes) => writeUint16(answer, 40, readUint16(answer, 40) + 1),
      (answer: Bytes) => answer[36] = 132,
      (answer: Bytes) => answer[1] = 1,
    ]
  ) {
    gateway.twist = (answer) => void twist(answer);
    const world = new World(gateway);
    assertEquals(world.run(1_000).phase, "asking");
  }
});

Deno.test("what nobody asked for changes nothing", () => {
  const gateway = new FakePmp("pcp");
  const world = new World(gateway);
  world.run(2_000);
  const [last] = gateway.answers.slice(-1);
  const unasked = last!.slice();
  unasked[3] = 2; // refused
  writeUint32(unasked, 8, readUint32(unasked, 8));
  world.leases.receive(unasked, world.now);
  assertEquals(world.leases.status.phase, "mapped");
});

Deno.test("one port refused and the other given is half a success", () => {
  const gateway = new FakePmp("nat-pmp");
  gateway.refuses = "udp";
  const status = new World(gateway).run(1_000);
  assertEquals(status.phase === "mapped" && status.ports, { tcp: 6881 });
});
