/**
 * Files of a torrent are turned on and off while pieces come, and the process is killed at any call to the file system:
 * seeded sequences over the real record and real files, each compared with what must be true after a restart.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  Bitfield,
  infoHash,
  type PieceIndex,
  SeededRandom,
  StorageError,
} from "../../src/base/mod.ts";
import {
  chooseFiles,
  FILE_PRIORITIES,
  type FilePriority,
  type Metainfo,
} from "../../src/metainfo/mod.ts";
import type { FilePlacing } from "../../src/session/file_placing.ts";
import { openData, type OpenedFiles } from "../../src/session/open_data.ts";
import { PieceRecord } from "../../src/session/piece_record.ts";
import { StateDb, type TorrentStore } from "../../src/storage/mod.ts";
import { DiskHost } from "../../src/storage/disk_host.ts";
import { DiskLine } from "../../src/storage/disk_line.ts";
import { DiskTorrent } from "../../src/storage/disk_torrent.ts";
import type { DiskPort } from "../../src/storage/messages.ts";
import { type Sample, type SampleFile, sampleTorrent } from "../contracts/sample_torrent.ts";
import { FaultySystem, TempFolder } from "../storage/bench.ts";

const PIECE = 64;
const HASH = infoHash(new Uint8Array(20).fill(9));
const STRANGER = new TextEncoder().encode("a stranger's own");

/** A file system under a process that is killed before one of its calls that change anything. */
class MortalSystem extends FaultySystem {
  /** Calls that are left to it. */
  left = Infinity;

  get dead(): boolean {
    return this.left < 0;
  }

  #change(): void {
    if (--this.left < 0) throw new Error("killed");
  }

  override makeFolder(path: string) {
    this.#change();
    super.makeFolder(path);
  }

  override rename(from: string, to: string) {
    this.#change();
    super.rename(from, to);
  }

  override remove(path: string) {
    this.#change();
    super.remove(path);
  }

  override removeIfEmpty(path: string) {
    this.#change();
    super.removeIfEmpty(path);
  }

  override open(path: string, mode: "read" | "write" | "create") {
    if (mode === "create") this.#change();
    const file = super.open(path, mode);
    return {
      ...file,
      writeAt: (bytes: Uint8Array<ArrayBuffer>, position: number) => {
        this.#change();
        file.writeAt(bytes, position);
      },
      truncate: (length: number) => {
        this.#change();
        file.truncate(length);
      },
    };
  }
}

function metainfoOf({ layout: { files, geometry, pieceHashes } }: Sample): Metainfo {
  return {
    version: "v1",
    infoHash: HASH,
    infoHashV1: HASH,
    infoHashV2: null,
    merkle: null,
    infoBytes: new Uint8Array(0),
    name: "t",
    multiFile: true,
    files,
    totalLength: geometry.totalLength,
    pieceLength: geometry.pieceLength,
    pieceHashes,
    isPrivate: false,
    trackers: [],
    webseeds: [],
    nodes: [],
    comment: null,
    createdBy: null,
    creationDate: null,
  };
}

/** What runs between two starts. */
interface Process {
  readonly system: MortalSystem;
  readonly state: StateDb;
  readonly line: DiskLine;
  store: TorrentStore;
  placing: FilePlacing;
  opened: OpenedFiles;
  record: PieceRecord;
}

class Scene implements Disposable {
  readonly temp = new TempFolder();
  priorities: FilePriority[];
  /** Files that were wanted at any time: only those may be made. */
  readonly everWanted = new Set<number>();
  /** Files where a stranger's stands, who put it there while they were not wanted. */
  readonly strange = new Set<number>();
  /** Pieces that were synced and recorded. */
  sure: Bitfield;

  constructor(readonly sample: Sample, readonly random: SeededRandom) {
    this.priorities = sample.layout.files.map(() => "normal");
    this.sure = new Bitfield(sample.layout.geometry.pieceCount);
  }

  /** Other priorities for some files, at least one wanted. */
  shuffled(): FilePriority[] {
    const out = this.priorities.map((priority): FilePriority =>
      this.random.below(2) === 0 ? priority : FILE_PRIORITIES[this.random.below(4)]!
    );
    if (!out.some((priority) => priority !== "off")) out[0] = "high";
    return out;
  }

  choice(priorities = this.priorities) {
    const { files, geometry } = this.sample.layout;
    return chooseFiles(files, geometry, priorities);
  }

  want(priorities: FilePriority[]): void {
    this.priorities = priorities;
    priorities.forEach((priority, i) => {
      if (priority !== "off") this.everWanted.add(i);
    });
  }

  async start(mortal: number, check: boolean): Promise<Process> {
    const { geometry } = this.sample.layout;
    const system = new MortalSystem();
    system.left = mortal;
    const { port1, port2 } = new MessageChannel();
    new DiskHost(port2 as DiskPort, system);
    const line = new DiskLine(port1 as DiskPort, this.temp.path, () => {
      port1.close();
      port2.close();
    });
    const state = new StateDb(this.temp.path, (message) => {
      throw new Error(message);
    });
    const process = { system, state, line } as Process;
    try {
      await line.call("start", { folder: this.temp.path });
      process.opened = await openData({
        folder: this.temp.path,
        disk: { open: (layout, options) => DiskTorrent.open(line, layout, options) },
        state,
        metainfo: metainfoOf(this.sample),
        options: { seed: null, check },
        geometry,
        choice: this.choice(),
        readOnly: false,
        signal: new AbortController().signal,
        opened: (store, placing) => Object.assign(process, { store, placing }),
        checking: () => {},
      });
    } catch (error) {
      await this.end(process);
      throw error;
    }
    const { have, intent } = process.opened;
    process.record = new PieceRecord(have, {
      saveIntent: (intent) => state.saveIntent(HASH, intent),
      saveGood: (good, intent) => state.saveGood(HASH, good, intent),
      sync: () => process.store.sync(),
    }, intent);
    return process;
  }

  /** Nothing is saved or said any more: killed, or as good as. */
  async end({ state, line }: Process): Promise<void> {
    state.close();
    await line.close();
  }

  /** What must be true whenever it starts. */
  async verify({ store, opened }: Process): Promise<void> {
    const good = await store.check("all");
    for (const piece of opened.have) assert(good.has(piece), `Believed in piece ${piece}`);
    for (const piece of this.sure) assert(opened.have.has(piece), `Lost piece ${piece}`);
    this.sample.layout.files.forEach((file, i) => {
      const path = `${this.temp.path}/${file.path.join("/")}`;
      if (this.strange.has(i)) assertEquals(Deno.readFileSync(path), STRANGER);
      else if (!this.everWanted.has(i)) assertEquals(exists(path), false, path);
    });
  }

  /** A stranger puts a file where one of the torrent would be that was never wanted, or takes all of them away. */
  plant(): void {
    const { files } = this.sample.layout;
    const pathOf = (i: number) => `${this.temp.path}/${files[i]!.path.join("/")}`;
    if (this.random.below(2) === 0) {
      const i = this.random.below(files.length);
      if (files[i]!.pad || files[i]!.length === 0 || this.everWanted.has(i)) return;
      this.temp.write(files[i]!.path.join("/"), STRANGER);
      this.strange.add(i);
    } else {
      for (const i of this.strange) Deno.removeSync(pathOf(i));
      this.strange.clear();
    }
  }

  [Symbol.dispose](): void {
    this.temp[Symbol.dispose]();
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

async function live(scene: Scene, process: Process): Promise<void> {
  const { random, sample } = scene;
  const { store, placing, record, opened: { have }, system } = process;
  for (let i = 1 + random.below(8); i > 0 && !system.dead; i--) {
    if (random.below(3) === 0) {
      const priorities = scene.shuffled();
      const met = priorities.some((priority, i) => priority !== "off" && scene.strange.has(i));
      // killed meanwhile, it may be remembered or not
      if (!met) scene.want(priorities);
      const change = placing.change(store, scene.choice(priorities));
      if (met) await assertRejects(() => change, StorageError);
      else await change;
      continue;
    }
    const missing = [...scene.choice().pieces].filter((piece) => !have.has(piece));
    if (missing.length === 0) continue;
    const piece = missing[random.below(missing.length)]! as PieceIndex;
    record.beforeWrite(piece, []);
    await store.write(piece, sample.piece(piece));
    record.written(piece, PIECE, 0);
    have.add(piece);
    if (random.below(2) === 0) {
      await record.flush();
      for (const each of have) scene.sure.add(each);
    }
  }
  if ([...scene.choice().pieces].every((piece) => have.has(piece))) await store.finish();
}

for (const crashes of [true, false]) {
  const name = crashes ? "killed at any call" : "stopped between calls";
  Deno.test(`files turned on and off, ${name}: nothing is lost, nothing else is written`, async () => {
    for (let seed = 1; seed <= 40; seed++) {
      try {
        await run(seed, crashes);
      } catch (cause) {
        throw new Error(`Failed with seed ${seed}`, { cause });
      }
    }
  });
}

async function run(seed: number, crashes: boolean): Promise<void> {
  const random = new SeededRandom(seed);
  const specs = Array.from({ length: 3 + random.below(5) }, (_, i): SampleFile => {
    const path = `t/${i % 2 === 0 ? "" : "sub/"}${i}`;
    return i > 0 && random.below(8) === 0 ? [path, 30, "pad"] : [path, random.below(200)];
  });
  const sample = await sampleTorrent([...specs, ["t/last", 90]], PIECE, seed);
  using scene = new Scene(sample, random);
  scene.want(scene.shuffled().map((priority, i) => sample.layout.files[i]!.pad ? "off" : priority));
  if (scene.choice().count === 0) scene.want(scene.priorities.with(-1, "normal"));
  for (let starts = 0; starts < 12; starts++) {
    scene.plant();
    if (random.below(3) === 0) {
      const priorities = scene.shuffled();
      const met = priorities.some((priority, i) => priority !== "off" && scene.strange.has(i));
      if (met) {
        const before = scene.priorities;
        scene.priorities = priorities;
        const error = await assertRejects(() => scene.start(Infinity, false), StorageError);
        assertEquals(error.reason, "exists");
        scene.priorities = before;
      } else scene.want(priorities);
    }
    const mortal = crashes ? random.below(25) : Infinity;
    let process: Process;
    try {
      process = await scene.start(mortal, random.below(4) === 0);
    } catch (error) {
      assert(String(error).includes("killed"), String(error));
      continue;
    }
    try {
      await scene.verify(process);
      await live(scene, process);
    } catch (error) {
      if (!String(error).includes("killed")) throw error;
    }
    await scene.end(process);
  }
  while (scene.strange.size > 0) scene.plant();
  // in the end everything is wanted, and comes
  scene.want(sample.layout.files.map(() => "normal"));
  const process = await scene.start(Infinity, false);
  await scene.verify(process);
  for (let piece = 0; piece < sample.layout.geometry.pieceCount; piece++) {
    if (!process.opened.have.has(piece)) await process.store.write(piece, sample.piece(piece));
  }
  await process.store.finish();
  await scene.end(process);
  sample.layout.files.forEach((file, i) => {
    if (file.pad) return;
    assertEquals(Deno.readFileSync(`${scene.temp.path}/${file.path.join("/")}`), sample.file(i));
  });
  assertEquals(exists(`${scene.temp.path}/.tm/parts`), false);
}
