import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { spaceAt } from "../../src/storage/disk_space.ts";
import { systemFiles } from "../../src/storage/file_system.ts";
import { probeDisk } from "../../src/storage/probe_disk.ts";
import { DiskError } from "../../src/storage/mod.ts";
import { FaultySystem, TempFolder } from "./bench.ts";

const MIB = 1024 * 1024;

/** Names of everything in a folder and in tm's own. */
function names(folder: TempFolder): string[] {
  return ["", "/.tm"].flatMap((at) => [...Deno.readDirSync(folder.path + at)])
    .map(({ name }) => name);
}

Deno.test("a probe writes, syncs, reads, tries folders, and leaves nothing behind", async () => {
  using folder = new TempFolder();
  folder.write(".tm/probe.tmp", "of a probe that was killed");
  folder.write("films/a", "");
  Deno.symlinkSync("/tmp", `${folder.path}/out`);
  const probe = await probeDisk(folder.path, systemFiles, {
    bytes: 3 * MIB,
    ms: 60_000,
    folders: [[], ["films"], ["not", "there"], ["out"], ["films", "a"]],
  });
  assertEquals([probe.written, probe.read, probe.intact, probe.failure], [
    3 * MIB,
    3 * MIB,
    true,
    null,
  ]);
  assertEquals(probe.refused.map(({ folder }) => folder), ["out", "films/a"]);
  assertStringIncludes(probe.refused[0]!.message, "Refused to follow a link");
  assertEquals(names(folder).sort(), [".tm", "films", "out"]);
});

Deno.test("a probe ends when its time is over, and one of nothing writes nothing", async () => {
  using folder = new TempFolder();
  const some = { bytes: 1024 * MIB, ms: 1, folders: [] };
  const { written } = await probeDisk(folder.path, systemFiles, some);
  assert(written > 0 && written < 512 * MIB, `Expected little, got ${written}`);
  const none = await probeDisk(folder.path, systemFiles, { ...some, bytes: 0 });
  assertEquals([none.written, none.failure], [0, null]);
});

Deno.test("a disk that is full, or gives back something else, is told", async () => {
  using folder = new TempFolder();
  const request = { bytes: 4 * MIB, ms: 60_000, folders: [] };
  const full = new FaultySystem();
  full.room = MIB;
  const { failure } = await probeDisk(folder.path, full, request);
  assertStringIncludes(failure ?? "", "Disk full");
  const lying = {
    ...systemFiles,
    open: (path: string, mode: "read" | "write" | "create") => {
      const file = systemFiles.open(path, mode);
      return {
        ...file,
        info: () => file.info(),
        readAt: (into: Uint8Array<ArrayBuffer>, at: number) => {
          const count = file.readAt(into, at);
          if (at === 2 * MIB) into[MIB - 1]! ^= 1;
          return count;
        },
        writeAt: (bytes: Uint8Array<ArrayBuffer>, at: number) => file.writeAt(bytes, at),
        truncate: (length: number) => file.truncate(length),
        sync: () => file.sync(),
        syncNow: () => file.syncNow(),
        close: () => file.close(),
        readable: file.readable,
        writable: file.writable,
      };
    },
  };
  assertEquals((await probeDisk(folder.path, lying, request)).intact, false);
  assertEquals(names(folder), [".tm"]);
});

Deno.test("room is told where a path lies or would lie, and no link is followed", () => {
  using folder = new TempFolder();
  folder.write("films/a", "");
  Deno.symlinkSync("/", `${folder.path}/films/out`);
  const asked: string[] = [];
  const system = {
    ...systemFiles,
    space: (path: string) => {
      asked.push(path.slice(folder.path.length));
      return { free: 1, total: 2 };
    },
  };
  for (const path of [[], ["films"], ["films", "new", "er"], ["films", "a"]]) {
    assertEquals(spaceAt(folder.path, system, path), { free: 1, total: 2 });
  }
  assertEquals(asked, ["", "/films", "/films", "/films"]);
  for (const path of [["films", "out"], ["films", "out", "etc"], [".."], [".tm"], ["a/b"], [""]]) {
    try {
      spaceAt(folder.path, system, path);
    } catch (error) {
      assert(error instanceof DiskError);
      continue;
    }
    throw new Error(`Expected ${path} to be refused`);
  }
});
