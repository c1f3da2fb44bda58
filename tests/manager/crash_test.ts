/**
 * Random sequences of commands with `kill -9` between and within them: at every call that keeps something or changes a
 * file the process may end, also while it starts. Whatever was answered is there afterwards.
 */
import { assert, assertEquals } from "@std/assert";
import { infoHash, SeededRandom } from "../../src/base/mod.ts";
import {
  compare,
  compareFiles,
  compareWhole,
  type Expectation,
  type Expected,
  filesOf,
  isWhole,
  observe,
  withFiles,
  withTorrent,
} from "./oracle.ts";
import { hashOf, type LabTorrent, labTorrent, VirtualClock, World } from "./world.ts";

const SEQUENCES = 500;
const COMMANDS = 24;
const LOCATIONS = ["", "one", "two/deep", "t1", "link", "../out", ".tm"];
const STRANGERS: readonly [string, string][] = [["mine", "a user's"], ["one/mine", "another"]];

const SPECS: readonly Parameters<typeof labTorrent>[1][] = [
  [["", 300]],
  [["a", 200], ["deep/b", 300], ["deep/c", 1]],
  [["x/y/z", 700], ["pad", 68, "pad"], ["w", 100]],
  [["", 1]],
  [["a", 256], ["b", 256]],
];
const torrents: readonly LabTorrent[] = await Promise.all(
  SPECS.map((specs, i) => labTorrent(`t${i}`, specs, 256)),
);

/** A command, and what it makes of what is there; null: it is refused. */
interface Command {
  readonly name: string;
  readonly run: () => Promise<unknown>;
  readonly after: Expectation | null;
  /** What it may leave when it is cut short, besides; by default nothing else. */
  readonly between?: Expectation;
}

class Sequence {
  readonly world: World;
  readonly random: SeededRandom;
  now: Expectation;
  readonly log: string[] = [];
  #names = 0;
  #highest = 0;

  constructor(world: World, random: SeededRandom) {
    this.world = world;
    this.random = random;
    this.now = {
      torrents: new Map(),
      order: [],
      files: new Map(STRANGERS),
      seeds: 10,
      alternative: false,
    };
  }

  #below(count: number): number {
    return this.random.below(count);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#below(list.length)]!;
  }

  #chance(part: number): boolean {
    return this.random.below(1000) < part * 1000;
  }

  /** One of those that are there. */
  #any(): [string, Expected] | null {
    const there = [...this.now.torrents];
    return there.length === 0 ? null : this.#pick(there);
  }

  async run(): Promise<void> {
    for (let i = 0; i < COMMANDS; i++) {
      const command = this.#command();
      if (command === null) continue;
      this.log.push(command.name);
      await this.#carryOut(command);
      if (this.#chance(0.25)) await this.#time();
      if (this.#chance(0.15)) {
        this.log.push("kill");
        this.world.kill();
        await this.#restart(this.now);
      }
    }
    await this.#end();
  }

  async #carryOut({ run, after, between }: Command): Promise<void> {
    const { world } = this;
    const cut = this.#chance(0.35);
    if (cut) world.light(1 + this.#below(this.#chance(0.5) ? 6 : 24));
    const answer = run().then(() => "done", (error) => String(error));
    const said = await Promise.race([answer, world.died.promise.then(() => "killed")]);
    world.light(null);
    if (!world.alive) {
      this.log.push("  killed");
      return await this.#restart(after ?? this.now, between);
    }
    if (after === null) assert(said !== "done", `Expected a refusal`);
    else assertEquals(said, "done");
    if (after !== null) this.now = after;
    if (!this.#chance(0.3)) return await this.#check(this.now);
    this.log.push("  killed once it was answered");
    world.kill();
    await this.#restart(this.now);
  }

  /** Starts anew, perhaps killed while it does; `after`: what the command that was cut short would have left. */
  async #restart(after: Expectation, between = after): Promise<void> {
    const { world } = this;
    do {
      if (this.#chance(0.2)) world.light(1 + this.#below(8));
      await world.restart();
      world.light(null);
    } while (!world.alive);
    await this.#check(after, between);
  }

  /** What is there is as it was or as `after` says, and is what is known from now on. */
  async #check(after: Expectation, between = after): Promise<void> {
    const { world, now } = this;
    // something that is hashed shows neither that it runs nor that it is stopped
    await world.clock.advance(3000);
    const seen = await observe(world);
    compare(seen, now, after, between);
    compareFiles(seen, now, after);
    compareWhole(seen, now, after);
    const found = new Map<string, Expected>();
    for (const [hash, one] of seen.torrents) {
      const { torrent } = (now.torrents.get(hash) ?? after.torrents.get(hash))!;
      found.set(hash, { ...one, torrent });
      if (!now.torrents.has(hash)) {
        assert(one.id > this.#highest, `Expected a new number, got ${one.id}`);
        this.#highest = one.id;
      }
    }
    this.now = { ...seen, torrents: found };
    // a move that would have been refused
    const strange = world.warnings.filter((text) => !/^Cannot finish .* where it was$/.test(text));
    assertEquals(strange, []);
    assertEquals([...Deno.readDirSync(`${world.folder}.outside`)].length, 0);
  }

  /** Bytes move, files become complete, the clock on the wall is set, time passes. */
  async #time(): Promise<void> {
    const { world } = this;
    for (const running of world.session.torrents.values()) {
      if (running.metainfo === null || running.snapshot.phase !== "running") continue;
      const { downloaded, uploaded, complete } = running.snapshot;
      running.show({ uploaded: uploaded + this.#below(1000) });
      if (complete || this.#chance(0.4)) continue;
      running.show({ downloaded: downloaded + this.#below(10) });
      const expected = this.now.torrents.get(running.id)!;
      running.finish(expected.torrent.data);
      this.log.push(`complete ${expected.torrent.name}`);
      this.now = withFiles(this.now, [], filesOf(expected));
    }
    if (this.#chance(0.2)) world.clock.setDate(new Date(2000 + this.#below(60), 0, 1));
    const ms = this.#pick([100, 1000, 12_000, 70_000]);
    this.log.push(`${ms} ms`);
    await world.clock.advance(ms);
    await world.clock.advance(1000);
    await this.#check(this.now);
  }

  /** Everything that somebody has the data of seeds in the end. */
  async #end(): Promise<void> {
    const { world } = this;
    await world.manager.setSession({ downloadQueueEnabled: false, seedQueueEnabled: false });
    await world.manager.verify(null);
    await world.manager.start(null, false);
    await world.clock.advance(5000);
    for (const [hash, expected] of this.now.torrents) {
      const whole = isWhole(expected, this.now);
      const { activity, done, size } = await world.view(hash);
      const wanted = whole ? ["seeding", size] : ["downloading", done];
      assertEquals([activity, done], wanted, expected.torrent.name);
    }
  }

  #command(): Command | null {
    const { world, now } = this;
    const any = this.#any();
    if (any === null || this.#chance(0.2)) return this.#add();
    const [hash, expected] = any;
    const { name } = expected.torrent;
    const { manager } = world;
    const key = this.#chance(0.5) ? hash : expected.id;
    switch (this.#below(13)) {
      case 0:
        return {
          name: `remove ${name}`,
          run: () => manager.remove([key], false),
          after: withTorrent(now, hash, null),
        };
      case 1:
        return this.#removeData(hash, expected);
      case 2:
      case 3: {
        const past = this.#chance(0.3);
        return {
          name: `start ${name}`,
          run: () => manager.start([key], past),
          after: withTorrent(now, hash, { stopped: false }),
        };
      }
      case 4:
        return {
          name: `stop ${name}`,
          run: () => manager.stop([key]),
          after: withTorrent(now, hash, { stopped: true }),
        };
      case 5:
        return { name: `verify ${name}`, run: () => manager.verify([key]), after: now };
      case 6: {
        const labels = [`l${this.#names++}`];
        const downloadLimit = this.#below(1000);
        return {
          name: `set ${name}`,
          run: () => manager.set([key], { labels, downloadLimit }),
          after: withTorrent(now, hash, { labels, downloadLimit }),
        };
      }
      case 7:
      case 8:
        return this.#relocate(hash, expected);
      case 9:
        return this.#rename(hash, expected);
      case 10:
        return this.#queue(hash);
      case 11: {
        const [seeds, alternative] = [this.#below(20), this.#chance(0.5)];
        const switches = this.#chance(0.3) ? { pex: this.#chance(0.5) } : {};
        const patch = { seedQueueSize: seeds, altEnabled: alternative, ...switches };
        return {
          name: "session",
          run: () => manager.setSession(patch),
          after: { ...now, seeds, alternative },
        };
      }
      default: {
        const patch = { labels: ["bad"], removeTrackers: [99] };
        return { name: `bad set ${name}`, run: () => manager.set(null, patch), after: null };
      }
    }
  }

  #add(): Command | null {
    const { world, now } = this;
    const torrent = this.#pick(torrents);
    const hash = hashOf(torrent);
    const location = this.#pick(["", "one", "../out"]);
    const paused = this.#chance(0.4);
    const labels = this.#chance(0.5) ? ["new"] : [];
    const run = () =>
      world.manager.add({ torrent: torrent.bytes, location, paused, settings: { labels } });
    const name = `add ${torrent.name} to ${location}`;
    if (location === "../out") return { name, run, after: null };
    if (now.torrents.has(hash)) return { name, run, after: now };
    const expected: Expected = {
      torrent,
      id: -1,
      stopped: paused,
      location,
      paths: torrent.files.filter(({ pad }) => !pad).map(({ path }) => path),
      labels,
      downloadLimit: 100_000,
      downloaded: 0,
      uploaded: 0,
    };
    const after = withTorrent(now, hash, expected);
    return { name, run, after: { ...after, order: [...now.order, hash] } };
  }

  #removeData(hash: string, expected: Expected): Command {
    const { world, now } = this;
    const { state } = world;
    const { torrent } = expected;
    const count = Math.ceil(torrent.data.length / torrent.pieceLength);
    const known = (state.load(infoHash(torrent.hash), count)?.intent.count ?? 0) > 0;
    const after = withTorrent(now, hash, null);
    return {
      name: `remove with data ${torrent.name}`,
      run: () => world.manager.remove([hash], true),
      after: known ? withFiles(after, filesOf(expected), []) : after,
      between: withTorrent(now, hash, { stopped: true }),
    };
  }

  #relocate(hash: string, expected: Expected): Command {
    const { world, now } = this;
    const location = this.#pick(LOCATIONS);
    const move = location === "link" || this.#chance(0.7);
    const name = `${move ? "move" : "point"} ${expected.torrent.name} to ${location}`;
    const run = () => world.manager.relocate([hash], location, move);
    if (location.startsWith(".") || location === "link") return { name, run, after: null };
    const moved = withTorrent(now, hash, { location });
    if (!move || location === expected.location) return { name, run, after: moved };
    const [from, to] = [filesOf(expected), filesOf({ ...expected, location })];
    const there = from.flatMap(([path, content], i) =>
      now.files.get(path) === content ? [[from[i]!, to[i]!] as const] : []
    );
    const gone = there.map(([before]) => before);
    return { name, run, after: withFiles(moved, gone, there.map(([, next]) => next)) };
  }

  #rename(hash: string, expected: Expected): Command {
    const { world, now } = this;
    const components = this.#pick(expected.paths).split("/");
    const depth = this.#below(components.length);
    const path = components.slice(0, depth + 1).join("/");
    const next = `n${this.#names++}`;
    const paths = expected.paths.map((one) => {
      const parts = one.split("/");
      return parts.slice(0, depth + 1).join("/") === path ? parts.with(depth, next).join("/") : one;
    });
    const after = withTorrent(now, hash, { paths });
    const [from, to] = [filesOf(expected), filesOf({ ...expected, paths })];
    const there = [...from.keys()].filter((i) => now.files.get(from[i]![0]) === from[i]![1]);
    const changed = there.filter((i) => from[i]![0] !== to[i]![0]);
    return {
      name: `rename ${path} to ${next}`,
      run: () => world.manager.rename(hash, path, next),
      after: withFiles(after, changed.map((i) => from[i]!), changed.map((i) => to[i]!)),
    };
  }

  #queue(hash: string): Command {
    const { world, now } = this;
    const to = this.#pick(["top", "bottom", "up", "down"] as const);
    const at = now.order.indexOf(hash);
    const rest = now.order.filter((one) => one !== hash);
    const last = rest.length;
    const place = { top: 0, bottom: last, up: Math.max(0, at - 1), down: Math.min(last, at + 1) };
    return {
      name: `queue ${to}`,
      run: () => world.manager.queue([hash], to),
      after: { ...now, order: rest.toSpliced(place[to], 0, hash) },
    };
  }
}

async function sequence(seed: number): Promise<void> {
  const clock = new VirtualClock();
  await using world = await World.start(clock);
  const outside = `${world.folder}.outside`;
  Deno.mkdirSync(outside);
  try {
    for (const [path, content] of STRANGERS) {
      const full = `${world.folder}/${path}`;
      Deno.mkdirSync(full.slice(0, full.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(full, content);
    }
    Deno.symlinkSync(outside, `${world.folder}/link`);
    const steps = new Sequence(world, new SeededRandom(seed));
    try {
      await steps.run();
    } catch (error) {
      const log = steps.log.map((line) => `  ${line}`).join("\n");
      throw new Error(`Seed ${seed}:\n${log}`, { cause: error });
    }
  } finally {
    Deno.removeSync(outside, { recursive: true });
  }
}

const PARTS = 10;
for (let part = 0; part < PARTS; part++) {
  const [from, to] = [part, part + 1].map((at) => at * SEQUENCES / PARTS) as [number, number];
  Deno.test(`sequences ${from} to ${to - 1} of commands, killed at any moment: nothing is lost`, async () => {
    for (let seed = from; seed < to; seed++) await sequence(seed);
  });
}
