import { assert, assertEquals } from "@std/assert";
import { parseArgs } from "@std/cli/parse-args";
import { SeededRandom } from "../../src/base/mod.ts";
import type { PeerConnection } from "../../src/wire/mod.ts";
import { Clock } from "./clock.ts";
import { Content, type FolderShape } from "./content.ts";
import { FAST_DISK } from "./disk.ts";
import { FakePeer, type Manners } from "./fake_peer.ts";
import { dial, type Fragments, type Node, type Path } from "./network.ts";
import { type Setup, SwarmNode } from "./swarm_node.ts";

/** Everything of one simulation; the same seed gives the same course of events. */
export class World {
  readonly clock = new Clock();
  readonly random: SeededRandom;
  readonly content: Content;
  readonly nodes: SwarmNode[] = [];
  fragments: Fragments = "random";
  /** All nodes are of a v2 torrent. */
  v2 = false;
  #names = 0;

  constructor(
    readonly seed: number,
    pieces: number | FolderShape = 20,
    blocks = 3,
    alike = false,
  ) {
    this.random = new SeededRandom(seed);
    this.content = new Content(pieces, blocks, seed, alike);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.random.below(most - least + 1);
  }

  /** A node with a real swarm that has nothing yet. */
  leech(over: Partial<Setup> = {}): SwarmNode {
    const setup = {
      have: this.content.none(),
      disk: FAST_DISK,
      rate: 5e6,
      uploadLimit: 0,
      v2: this.v2,
    };
    const name = `8.8.8.${++this.#names}:6881`;
    const node = new SwarmNode(this.clock, this.random, name, this.content, { ...setup, ...over });
    this.nodes.push(node);
    return node;
  }

  /** The same with everything. */
  seeder(over: Partial<Setup> = {}): SwarmNode {
    return this.leech({ have: this.content.all(), ...over });
  }

  /** A scripted peer, a good seed unless told otherwise. */
  fake(over: Partial<Manners> = {}): FakePeer {
    const manners = {
      have: this.content.all(),
      fast: this.random.below(2) === 0,
      answer: () => "good" as const,
      rate: 1e6,
    };
    return new FakePeer(this.clock, `fake ${++this.#names}`, this.content, { ...manners, ...over });
  }

  /** Connects two nodes over a path of 1 to 80 ms. */
  connect(from: Node, to: Node, over: Partial<Path> = {}): PeerConnection {
    const path = { latency: this.between(1, 80), fragments: this.fragments, ...over };
    return dial(this.clock, this.random, from, to, path);
  }

  /** Runs until every node is complete; fails after `seconds` of virtual time. */
  complete(nodes: readonly SwarmNode[], seconds = 600): void {
    const done = this.clock.run(seconds, () => nodes.every((node) => node.complete));
    const pieces = nodes.map((node) =>
      `${node.name} ${node.pieces}/${this.content.geometry.pieceCount}`
    );
    assert(done, `Expected all to be complete within ${seconds} s, got ${pieces.join(", ")}`);
  }

  /** What must hold in every simulation, whenever it ends. */
  check(): void {
    for (const node of this.nodes) {
      const { swarm, store, name } = node;
      assert(store.holds(swarm.have), `Expected ${name} to have what it says`);
      for (const peer of swarm.peers) {
        const counted = [...peer.inFlight.values()].filter((askedAt) => askedAt >= 0).length;
        assertEquals(peer.outstanding, counted, `Expected ${name} to count its requests right`);
      }
      if (swarm.complete) assertEquals(swarm.downloads.partials.size, 0);
    }
  }
}

/** Registers a simulation that is run with many seeds. `-- --seed=N` runs one of them alone. */
export function scenario(name: string, seeds: number, run: (seed: number) => World): void {
  const only = parseArgs(Deno.args, { string: ["seed"] })["seed"];
  Deno.test(`sim: ${name}`, () => {
    const first = typeof only === "string" ? Number(only) : 1;
    for (let seed = first; seed < (typeof only === "string" ? first + 1 : 1 + seeds); seed++) {
      try {
        run(seed).check();
      } catch (cause) {
        throw new Error(
          `Failed with seed ${seed}; once more: deno test --no-prompt --allow-read tests/sim ` +
            `--filter "sim: ${name}" -- --seed=${seed}`,
          { cause },
        );
      }
    }
  });
}
