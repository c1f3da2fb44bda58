/** Files of a torrent that go elsewhere, or away: all of them or none, whatever stands in the way and whenever it ends. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DiskError } from "../../src/storage/mod.ts";
import { removeParts } from "../../src/storage/file_places.ts";
import { deleteFiles, type FileMove, moveFiles } from "../../src/storage/relocate.ts";
import { type FileSystem, systemFiles } from "../../src/storage/file_system.ts";
import { FaultySystem, systemError, TempFolder } from "./bench.ts";

/** Moves as `from > to` texts. */
function moves(...texts: readonly string[]): FileMove[] {
  return texts.map((text) => {
    const [from = "", to = ""] = text.split(" > ").map((path) => path.trim());
    return { from: from.split("/"), to: to.split("/") };
  });
}

/** Every file below a folder with its content, and every empty folder. */
function tree(folder: string): Record<string, string> {
  const out: Record<string, string> = {};
  const walk = (path: string) => {
    const inside = [...Deno.readDirSync(`${folder}/${path}`)];
    if (inside.length === 0 && path !== "") out[`${path}/`] = "";
    for (const { name, isDirectory, isSymlink } of inside) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (isSymlink) out[inner] = "link";
      else if (isDirectory) walk(inner);
      else out[inner] = Deno.readTextFileSync(`${folder}/${inner}`);
    }
  };
  walk("");
  return out;
}

/** Counts the calls that change something, and ends the process, so to speak, at one of them. */
class MortalSystem extends FaultySystem {
  steps = 0;
  constructor(readonly endsAt: number, readonly apart: (path: string) => string = () => "one") {
    super();
  }

  #step(): void {
    if (++this.steps >= this.endsAt) throw new Error("killed");
  }

  override makeFolder(path: string) {
    this.#step();
    super.makeFolder(path);
  }

  override rename(from: string, to: string) {
    if (this.apart(from) !== this.apart(to)) throw systemError("EXDEV");
    this.#step();
    super.rename(from, to);
  }

  override remove(path: string) {
    this.#step();
    super.remove(path);
  }

  override removeIfEmpty(path: string) {
    this.#step();
    super.removeIfEmpty(path);
  }

  override open(path: string, mode: "read" | "write" | "create") {
    if (mode === "create") this.#step();
    const file = super.open(path, mode);
    return {
      ...file,
      writeAt: (bytes: Uint8Array<ArrayBuffer>, position: number) => {
        // half of it is written when the end comes
        if (this.steps + 1 >= this.endsAt) file.writeAt(bytes.subarray(0, 1), position);
        this.#step();
        file.writeAt(bytes, position);
      },
    };
  }
}

Deno.test("files move with their folders; those that are not there are passed over", () => {
  using temp = new TempFolder();
  temp.write("t/a", "A");
  temp.write("t/deep/b", "B");
  temp.write("t/other", "stays");
  moveFiles(temp.path, systemFiles, moves("t/a > n/t/a", "t/deep/b > n/t/deep/b", "t/c > n/t/c"));
  assertEquals(tree(temp.path), { "n/t/a": "A", "n/t/deep/b": "B", "t/other": "stays" });
  // once more: they were moved before
  moveFiles(temp.path, systemFiles, moves("t/a > n/t/a", "t/deep/b > n/t/deep/b"));
  assertEquals(Object.keys(tree(temp.path)).length, 3);
});

Deno.test("when something else stands in the way of one, none is moved", () => {
  const stand: Record<string, (temp: TempFolder) => void> = {
    exists: (temp) => void temp.write("n/t/b", "another"),
    link: (temp) => {
      Deno.mkdirSync(`${temp.path}/n/t`, { recursive: true });
      Deno.symlinkSync("/nowhere", `${temp.path}/n/t/b`);
    },
    "not-a-folder": (temp) => Deno.mkdirSync(`${temp.path}/n/t/b`, { recursive: true }),
  };
  for (const [reason, make] of Object.entries(stand)) {
    using temp = new TempFolder();
    temp.write("t/a", "A");
    temp.write("t/b", "B");
    make(temp);
    const before = tree(temp.path);
    const error = assertThrows(
      () => moveFiles(temp.path, systemFiles, moves("t/a > n/t/a", "t/b > n/t/b")),
      DiskError,
    );
    assertEquals([error.reason, error.path], [reason as never, `${temp.path}/n/t/b`]);
    assertEquals(tree(temp.path), before);
  }
});

Deno.test("links on the way lead nowhere, at either end", () => {
  using temp = new TempFolder();
  using outside = new TempFolder();
  outside.write("a", "theirs");
  temp.write("t/a", "A");
  Deno.symlinkSync(outside.path, `${temp.path}/n`);
  Deno.symlinkSync(outside.path, `${temp.path}/from`);
  for (const texts of ["t/a > n/a", "t/a > n/deep/a", "from/a > t/b"]) {
    const error = assertThrows(
      () => moveFiles(temp.path, systemFiles, moves(texts)),
      DiskError,
    );
    assertEquals(error.reason, "link", texts);
  }
  assertThrows(() => deleteFiles(temp.path, systemFiles, [["from", "a"]]), DiskError, "link");
  assertEquals(tree(temp.path), { "t/a": "A", n: "link", from: "link" });
  assertEquals(tree(outside.path), { a: "theirs" });
});

Deno.test("names that lead out, and tm's own folder, are refused", () => {
  using temp = new TempFolder();
  temp.write("t/a", "A");
  for (const path of ["../a", "t/../../a", ".tm/state.db", ".TM/x", "t/", "/a", "t\0/a"]) {
    assertThrows(() => moveFiles(temp.path, systemFiles, moves(`t/a > ${path}`)), DiskError);
    assertThrows(() => deleteFiles(temp.path, systemFiles, [path.split("/")]), DiskError);
  }
  assertEquals(tree(temp.path), { "t/a": "A" });
});

Deno.test("files that would take each other's places are refused: a crash could not be gone on from", () => {
  using temp = new TempFolder();
  temp.write("A/x", "outer");
  temp.write("A/A/x", "inner");
  const error = assertThrows(
    () => moveFiles(temp.path, systemFiles, moves("A/x > A/A/x", "A/A/x > A/A/A/x")),
    DiskError,
  );
  assertEquals(error.reason, "exists");
  assertEquals(tree(temp.path), { "A/x": "outer", "A/A/x": "inner" });
});

Deno.test("a disk that fails on the way: what was moved is put back", () => {
  using temp = new TempFolder();
  for (const name of ["a", "b", "c"]) temp.write(`t/${name}`, name);
  const system: FileSystem = Object.assign(new FaultySystem(), {
    rename(from: string, to: string) {
      if (from.endsWith("/c")) throw systemError("EIO");
      systemFiles.rename(from, to);
    },
  });
  const error = assertThrows(
    () => moveFiles(temp.path, system, moves("t/a > n/a", "t/b > n/deep/b", "t/c > n/c")),
    DiskError,
  );
  assertEquals([error.path, error.code], [`${temp.path}/n/c`, "EIO"]);
  assertEquals(tree(temp.path), { "t/a": "a", "t/b": "b", "t/c": "c" });
});

Deno.test("another file system: copied whole, put on its disk, then removed; a full one changes nothing", () => {
  using temp = new TempFolder();
  temp.write("t/a", "A".repeat(3000));
  temp.write("t/b", "B".repeat(3000));
  const system = new MortalSystem(Infinity, (path) => path.includes("/far") ? "two" : "one");
  system.room = 4000;
  const far = moves("t/a > far/a", "t/b > far/b");
  const before = tree(temp.path);
  const error = assertThrows(() => moveFiles(temp.path, system, far), DiskError);
  assertEquals(error.reason, "disk-full");
  // the first one was copied: nothing is left over there
  assertEquals(tree(temp.path), before);
  system.room = Infinity;
  system.synced.length = 0;
  moveFiles(temp.path, system, far);
  assertEquals(Object.keys(tree(temp.path)).sort(), ["far/a", "far/b"]);
  assertEquals(tree(temp.path)["far/b"], "B".repeat(3000));
  assertEquals(system.synced.length, 2);
});

Deno.test("killed at any moment and called again, it ends as if nothing had been", () => {
  for (const isFar of [false, true]) {
    const apart = (path: string) => isFar && path.includes("/far") ? "two" : "one";
    for (let endsAt = 1;; endsAt++) {
      using temp = new TempFolder();
      temp.write("t/a", "AAAA");
      temp.write("t/deep/b", "BBBB");
      temp.write("t/deep/e", "");
      const far = moves("t/a > far/x/a", "t/deep/b > far/x/deep/b", "t/deep/e > far/x/deep/e");
      const system = new MortalSystem(endsAt, apart);
      try {
        moveFiles(temp.path, system, far);
      } catch (error) {
        assert(String(error).includes("killed"), String(error));
      }
      moveFiles(temp.path, new MortalSystem(Infinity, apart), far);
      assertEquals(
        tree(temp.path),
        { "far/x/a": "AAAA", "far/x/deep/b": "BBBB", "far/x/deep/e": "" },
        `ended at step ${endsAt}, far: ${isFar}`,
      );
      if (system.steps < endsAt) break;
    }
  }
});

Deno.test("a file whose copy is there already is only removed at its old place", () => {
  using temp = new TempFolder();
  temp.write("t/a", "same");
  temp.write("n/a", "same");
  moveFiles(temp.path, systemFiles, moves("t/a > n/a"));
  assertEquals(tree(temp.path), { "n/a": "same" });
});

Deno.test("a name in other letters' case is another name, also where the file system makes no difference", () => {
  using temp = new TempFolder();
  temp.write("t/a", "A");
  /** As on macOS and Windows. */
  const system: FileSystem = Object.assign(new FaultySystem(), {
    info(path: string) {
      return systemFiles.info(path) ??
        systemFiles.info(path.endsWith("/t/A") ? path.replace(/A$/, "a") : path);
    },
  });
  moveFiles(temp.path, system, moves("t/a > t/A"));
  assertEquals(tree(temp.path), { "t/A": "A" });
});

Deno.test("two links to one file become the one with the new name", () => {
  using temp = new TempFolder();
  temp.write("t/a", "A");
  Deno.linkSync(`${temp.path}/t/a`, `${temp.path}/b`);
  moveFiles(temp.path, systemFiles, moves("t/a > b"));
  assertEquals(tree(temp.path), { b: "A" });
});

Deno.test("deleting takes the files that are there and empty folders, and nothing else", () => {
  using temp = new TempFolder();
  for (const path of ["t/a", "t/deep/er/b", "u/c", "u/mine"]) temp.write(path, path);
  Deno.mkdirSync(`${temp.path}/t/empty`);
  const files = [["t", "a"], ["t", "gone"], ["t", "deep", "er", "b"], ["u", "c"]];
  deleteFiles(temp.path, systemFiles, files);
  assertEquals(tree(temp.path), { "t/empty/": "", "u/mine": "u/mine" });
  const system: FileSystem = Object.assign(new FaultySystem(), {
    remove() {
      throw systemError("EROFS");
    },
  });
  const error = assertThrows(() => deleteFiles(temp.path, system, [["u", "mine"]]), DiskError);
  assertEquals([error.reason, error.path], ["permission", `${temp.path}/u/mine`]);
});

Deno.test("what lies apart of a torrent goes, what is no part of it and other torrents' stay", () => {
  using temp = new TempFolder();
  const [ours, theirs] = ["ab".repeat(20), "cd".repeat(20)];
  for (const path of [`${ours}/0`, `${ours}/12`, `${ours}/note`, `${theirs}/3`]) {
    temp.write(`.tm/parts/${path}`, "x");
  }
  removeParts(systemFiles, temp.path, ours);
  assertEquals(tree(temp.path), {
    [`.tm/parts/${ours}/note`]: "x",
    [`.tm/parts/${theirs}/3`]: "x",
  });
  removeParts(systemFiles, temp.path, theirs);
  removeParts(systemFiles, temp.path, theirs);
  assertEquals(tree(temp.path), { [`.tm/parts/${ours}/note`]: "x" });
});
