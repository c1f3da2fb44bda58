import type { PeerConnection } from "../../src/wire/mod.ts";
import { FAST_DISK } from "../sim/disk.ts";
import type { FakePeer } from "../sim/fake_peer.ts";
import { SwarmNode } from "../sim/swarm_node.ts";
import type { World } from "../sim/world.ts";
import { assertAlone, assertSound } from "./invariants.ts";

/** Peers there are at a time, those that stay included. */
const PEERS = 50;
/** Of them, downloads that stay until they are complete; then others begin in their place. */
const RESIDENTS = 3;
/** A visitor connects to every resident and to this many others. */
const ACQUAINTANCES = 4;

interface Visit {
  readonly visitor: SwarmNode | FakePeer;
  readonly connections: PeerConnection[];
}

/**
 * A swarm that never rests: its peers join, download and serve, stall, choke, refuse, lie, fall silent, leave in
 * the middle of a piece and come back.
 */
export class Crowd {
  readonly #present = new Set<Visit>();
  #residents: SwarmNode[] = [];
  #open = true;
  /** Every connection there ever was, to see that it is let go. */
  readonly connections: WeakRef<PeerConnection>[] = [];
  /** Counts of what went on, so that nobody takes a quiet half hour for a soak. */
  readonly seen = { visits: 0, returns: 0, completed: 0, banned: 0, cut: 0 };

  constructor(readonly world: World) {}

  /** The downloads that stay. */
  get residents(): readonly SwarmNode[] {
    return this.#residents;
  }

  /** Lets it go on for so many seconds of virtual time; looks at everything once a minute. */
  run(seconds: number): void {
    const { clock } = this.world;
    while (this.#residents.length < RESIDENTS) this.#settle();
    while (this.#residents.length + this.#present.size < PEERS) this.#visit(this.#stranger());
    for (let left = seconds; left > 0; left -= 60) {
      clock.run(Math.min(60, left));
      for (const node of this.#swarms()) assertSound(node);
      this.#residents.filter((node) => node.complete).forEach((node) => this.#replace(node));
    }
  }

  /** All visitors leave, and none comes any more. */
  disperse(): void {
    this.#open = false;
    for (const visit of [...this.#present]) this.#leave(visit);
  }

  /** The residents end too; nothing may be left behind. */
  end(): void {
    for (const node of this.#residents.splice(0)) this.#retire(node);
  }

  #swarms(): SwarmNode[] {
    const visitors = [...this.#present].map(({ visitor }) => visitor);
    return [...this.#residents, ...visitors.filter((it) => it instanceof SwarmNode)];
  }

  #settle(): void {
    const { world } = this;
    const disk = { ...FAST_DISK, write: world.between(1, 200), read: world.between(0, 20) };
    const node = world.leech({ disk, rate: world.between(100e3, 1e6) });
    this.#residents.push(node);
    for (const visit of this.#present) this.#connect(visit, node);
  }

  /** Its download is complete: another begins, with the same peers. */
  #replace(node: SwarmNode): void {
    this.seen.completed++;
    this.#residents = this.#residents.filter((other) => other !== node);
    this.#retire(node);
    this.#settle();
  }

  /** A node that nobody will see again: once its writes have arrived nothing of its peers may be left. */
  #retire(node: SwarmNode): void {
    node.open = false;
    node.swarm.closePeers("The end");
    this.world.clock.in(5_000, () => {
      this.seen.banned += node.banned.size;
      assertAlone(node);
      node.stop();
      this.world.nodes.splice(this.world.nodes.indexOf(node), 1);
    });
  }

  #visit(visitor: SwarmNode | FakePeer): void {
    const { world } = this;
    const visit: Visit = { visitor, connections: [] };
    this.#present.add(visit);
    this.seen.visits++;
    if (visitor instanceof SwarmNode) {
      visitor.open = true;
      visitor.swarm.paused = false;
    }
    for (const node of this.#residents) this.#connect(visit, node);
    const others = this.#swarms().filter((it) => it !== visitor && !this.#residents.includes(it));
    for (let i = 0; i < ACQUAINTANCES && others.length > 0; i++) {
      this.#connect(visit, others.splice(world.random.below(others.length), 1)[0]!);
    }
    const minutes = world.random.below(4) === 0 ? 10 : 1;
    world.clock.in(world.between(200, minutes * 60_000), () => {
      if (this.#present.has(visit)) this.#leave(visit);
    });
  }

  #connect(visit: Visit, node: SwarmNode): void {
    const { world, connections } = this;
    const cut = world.random.below(12) === 0;
    if (cut) this.seen.cut++;
    const connection = world.connect(visit.visitor, node, {
      fragments: world.random.below(10) === 0 ? "random" : "whole",
      ...(cut ? { cutAt: world.clock.now + world.between(100, 30_000) } : {}),
    });
    visit.connections.push(connection);
    connections.push(new WeakRef(connection));
  }

  /** It goes, all of its connections at once; another comes, or later itself again. */
  #leave(visit: Visit): void {
    const { visitor, connections } = visit;
    this.#present.delete(visit);
    for (const connection of connections) connection.close("Goes");
    if (visitor instanceof SwarmNode) {
      visitor.open = false;
      visitor.swarm.close("Goes");
    } else for (const { connection } of [...visitor.sessions]) connection.close("Goes");
    const { world } = this;
    const back = world.random.below(3) === 0;
    if (!back) this.#forget(visitor);
    world.clock.in(world.between(100, 8_000), () => {
      if (!this.#open) return back ? this.#forget(visitor) : undefined;
      if (back) this.seen.returns++;
      this.#visit(back ? visitor : this.#stranger());
    });
  }

  #forget(visitor: SwarmNode | FakePeer): void {
    if (visitor instanceof SwarmNode) this.#retire(visitor);
  }

  #stranger(): SwarmNode | FakePeer {
    const { world } = this;
    const { random, content } = world;
    const have = content.some(world.between(5, 95), random);
    const rate = world.between(20e3, 300e3);
    switch (random.below(12)) {
      case 0:
      case 1:
      case 2:
        return world.leech({ have, rate });
      case 3:
        return world.seeder({ rate: 60e3, uploadLimit: 30e3 });
      case 4:
        return world.fake({ rate });
      case 5:
        return world.fake({ have, rate, haveEvery: world.between(50, 2_000) });
      case 6:
        return world.fake({ have, rate, chokeEvery: world.between(300, 20_000) });
      case 7:
        return world.fake({ have, rate, stingy: true });
      case 8: {
        // serves for a while, then owes us everything
        let left = world.between(0, 60);
        return world.fake({ have, rate, answer: () => left-- > 0 ? "good" : "silence" });
      }
      case 9:
        return world.fake({ have, rate, fast: true, answer: () => this.#one(3, "reject") });
      case 10:
        return world.fake({ have, rate, answer: () => this.#one(10, "bad") });
      default:
        return world.fake({ have, rate, answer: () => this.#one(5, "silence") });
    }
  }

  #one<T extends string>(of: number, answer: T): T | "good" {
    return this.world.random.below(of) === 0 ? answer : "good";
  }
}
