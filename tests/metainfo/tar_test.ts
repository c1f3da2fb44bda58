import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Bytes, concat, fromUtf8Lossy, SeededRandom } from "../../src/base/mod.ts";
import {
  streamForm,
  TAR_BLOCK,
  TAR_RECORD,
  TarForm,
  tarHeader,
  type TorrentFile,
} from "../../src/metainfo/mod.ts";

/** What stands before a file, as a reader of POSIX tar sees it. */
interface Head {
  readonly path: string;
  readonly size: number;
  readonly mode: string;
  readonly mtime: number;
  /** Where the content begins. */
  readonly end: number;
}

/** The head at `at`, with its pax header. */
function readHead(archive: Bytes, at: number): Head {
  const first = readHeader(archive.subarray(at, at + TAR_BLOCK));
  if (first.type === "0") return { ...first, end: at + TAR_BLOCK };
  assertEquals(first.type, "x");
  const start = at + TAR_BLOCK;
  const pax = readRecords(archive.subarray(start, start + first.size));
  const { end, path, size, ...rest } = readHead(archive, start + padded(first.size));
  return { ...rest, end, path: pax.get("path") ?? path, size: Number(pax.get("size") ?? size) };
}

/** Reads an archive the plain way; fails where it is not one. */
function untar(archive: Bytes): (Head & { readonly content: Bytes })[] {
  assertEquals(archive.length % TAR_RECORD, 0);
  const out: (Head & { readonly content: Bytes })[] = [];
  let at = 0;
  while (archive[at] !== 0) {
    const head = readHead(archive, at);
    out.push({ ...head, content: archive.slice(head.end, head.end + head.size) });
    at = head.end + padded(head.size);
  }
  assert(archive.length - at >= 2 * TAR_BLOCK, "two empty blocks at the end");
  assert(archive.subarray(at).every((byte) => byte === 0), "zeros at the end");
  return out;
}

function padded(size: number): number {
  return Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
}

function readHeader(header: Bytes) {
  const text = (at: number, length: number) =>
    fromUtf8Lossy(header.subarray(at, at + length)).replace(/\0.*$/s, "");
  assertEquals(text(257, 6), "ustar");
  const sum = header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);
  assertEquals(parseInt(text(148, 8), 8), sum);
  const prefix = text(345, 155);
  return {
    path: (prefix === "" ? "" : `${prefix}/`) + text(0, 100),
    mode: text(100, 8),
    size: parseInt(text(124, 12), 8),
    mtime: parseInt(text(136, 12), 8),
    type: text(156, 1),
  };
}

function readRecords(content: Bytes): Map<string, string> {
  const out = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const length = parseInt(fromUtf8Lossy(content.subarray(at, at + 20)), 10);
    const record = fromUtf8Lossy(content.subarray(at, at + length));
    const [, key, value] = /^\d+ ([a-z]+)=(.*)\n$/s.exec(record)!;
    out.set(key!, value!);
    at += length;
  }
  return out;
}

function headerOf(path: string, size = 5, mtime = 0): Head & { readonly blocks: number } {
  const header = tarHeader({ path, size, mtime });
  const head = readHead(header, 0);
  assertEquals(head.end, header.length);
  return { ...head, blocks: header.length / TAR_BLOCK };
}

Deno.test("a short plain name takes one block", () => {
  const { path, size, mode, mtime, blocks } = headerOf("folder/file.txt", 5, 1_234_567_890);
  assertEquals([path, size, mode, mtime, blocks], [
    "folder/file.txt",
    5,
    "0000644",
    1_234_567_890,
    1,
  ]);
});

Deno.test("names come back whole, whatever their length", () => {
  for (let length = 1; length <= 300; length++) {
    const flat = "f".repeat(length);
    assertEquals(headerOf(flat).path, flat);
    const deep = `${"d".repeat(Math.min(length, 150))}/${"f".repeat(length)}`;
    assertEquals(headerOf(deep).path, deep);
  }
  assertEquals(headerOf(`${"d".repeat(155)}/${"f".repeat(100)}`).blocks, 1);
  assertEquals(headerOf(`${"d".repeat(156)}/${"f".repeat(100)}`).blocks, 3);
  assertEquals(headerOf("f".repeat(100)).blocks, 1);
  assertEquals(headerOf("f".repeat(101)).blocks, 3);
});

Deno.test("a pax record counts its own length, also where that takes one more digit", () => {
  for (let length = 80; length <= 1_100; length++) {
    const name = `ü${"n".repeat(length)}`;
    assertEquals(headerOf(name).path, name);
  }
});

Deno.test("names that are not ASCII come back whole", () => {
  for (const name of ["två.bin", "日本/語.txt", "a😀b", "é".repeat(200)]) {
    assertEquals(headerOf(name).path, name);
  }
});

Deno.test("a file of 8 GiB and more has its size in a pax header", () => {
  for (const size of [8 ** 11 - 1, 8 ** 11, 2 ** 50]) {
    assertEquals(headerOf("big", size).size, size);
  }
});

Deno.test("a time that a header cannot say is 1970", () => {
  assertEquals(headerOf("a", 5, -5).mtime, 0);
  assertEquals(headerOf("a", 5, 2 ** 50).mtime, 0);
  assertEquals(headerOf("a", 5, 0.9).mtime, 0);
});

/** Files of these lengths; a name that starts with a dot is padding. */
function filesOf(specs: readonly (readonly [name: string, length: number])[]): TorrentFile[] {
  let offset = 0;
  return specs.map(([name, length]) => {
    const file = { path: ["top", name], length, offset, pad: name.startsWith(".") };
    offset += length;
    return file;
  });
}

Deno.test("however the content is cut, the archive is the same and holds every file", () => {
  const specs = [
    ["empty first", 0],
    ["one", 700],
    [".pad", 324],
    ["two", 512],
    ["empty between", 0],
    ["ü", 1],
    [".pad 2", 511],
    ["three", 1_500],
    ["empty last", 0],
    [".empty", 0],
  ] as const;
  const files = filesOf(specs);
  const size = files.at(-1)!.offset;
  const data = Uint8Array.from({ length: size }, (_, i) => i % 251);
  const whole = archiveOf(files, data, () => size);
  const random = new SeededRandom(7);
  for (const cut of [1, 7, 512, 1_000]) {
    assertEquals(archiveOf(files, data, () => cut), whole);
  }
  assertEquals(archiveOf(files, data, () => 1 + random.below(600)), whole);
  const entries = untar(whole);
  assertEquals(
    entries.map(({ path, size }) => [path, size]),
    specs.filter(([name]) => !name.startsWith(".")).map((
      [name, length],
    ) => [`top/${name}`, length]),
  );
  for (const { path, content } of entries) {
    const file = files.find((file) => file.path.join("/") === path)!;
    assertEquals(content, data.slice(file.offset, file.offset + file.length));
  }
});

function archiveOf(files: readonly TorrentFile[], data: Bytes, next: () => number): Bytes {
  const form = new TarForm(files.filter(({ pad }) => !pad), 5);
  const parts: Bytes[] = [];
  for (let at = 0; at < data.length;) {
    const end = Math.min(data.length, at + next());
    parts.push(...form.next(data.subarray(at, end), at));
    at = end;
  }
  parts.push(...form.end());
  return concat(...parts);
}

Deno.test("a header does not leave before the first byte of its file", () => {
  const form = new TarForm(filesOf([["one", 1_024], ["two", 10]]), 0);
  const first = concat(...form.next(new Uint8Array(1_024), 0));
  assertEquals(first.length, TAR_BLOCK + 1_024);
  const [header] = form.next(new Uint8Array(1), 1_024);
  assertStringIncludes(fromUtf8Lossy(header!), "top/two");
});

Deno.test("a stream of some files: one as it is, several as a tar of those, from the pieces that hold them", () => {
  const files = filesOf([["one", 700], ["two", 600], ["empty", 0], ["three", 900], ["four", 100]]);
  const data = Uint8Array.from({ length: 2_300 }, (_, i) => i % 251);
  const streamed = (...wanted: number[]) => {
    const priorities = files.map((_, i) => wanted.includes(i) ? "normal" as const : "off" as const);
    const form = streamForm({ multiFile: true, files, creationDate: 5 }, {
      whole: false,
      priorities,
    });
    const parts: Bytes[] = [];
    for (let at = 0; at < data.length; at += 512) {
      const end = Math.min(data.length, at + 512);
      const holds = ({ offset, length }: TorrentFile) => offset < end && offset + length > at;
      if (!wanted.some((i) => holds(files[i]!))) continue;
      parts.push(...form.next(data.subarray(at, end), at));
    }
    parts.push(...form.end());
    return concat(...parts);
  };
  for (const i of [0, 1, 2, 3, 4]) {
    const { offset, length } = files[i]!;
    assertEquals(streamed(i), data.slice(offset, offset + length));
  }
  const entries = untar(streamed(1, 2, 4));
  assertEquals(entries.map(({ path }) => path), ["top/two", "top/empty", "top/four"]);
  assertEquals(entries.map(({ content }) => content), [
    data.slice(700, 1_300),
    new Uint8Array(0),
    data.slice(2_200, 2_300),
  ]);
});
