import { assertEquals, assertRejects } from "@std/assert";
import { DiskClient, DiskError, type TorrentStore } from "../../src/storage/mod.ts";
import { type SampleFile, sampleTorrent } from "../contracts/sample_torrent.ts";
import { FaultySystem, inProcess, PLAIN, TempFolder } from "./bench.ts";

const FILES: readonly SampleFile[] = [["t/inner/a", 100], ["t/b", 100]];

/** Prepares a folder with `trap`, then expects every way in to be refused for `reason` and nothing outside to change. */
function refuses(name: string, trap: (folder: string, outside: string) => void, reason: string) {
  Deno.test(`storage refuses ${name} and leaves what is outside alone`, async () => {
    using temp = new TempFolder();
    temp.write("outside/a", "precious");
    temp.write("folder/keep", "");
    const [folder, outside] = [`${temp.path}/folder`, `${temp.path}/outside`];
    trap(folder, outside);
    const sample = await sampleTorrent(FILES, 200);
    const client = await DiskClient.start(folder);
    try {
      for (const overwrite of [false, true]) {
        const store = await client.open(sample.layout, { ...PLAIN, overwrite });
        const ways: ((store: TorrentStore) => Promise<unknown>)[] = [
          (store) => store.write(0, sample.piece(0)),
          (store) => store.read(0, 0, 200),
          (store) => store.inspect(),
          (store) => store.check("all"),
          (store) => store.finish(),
          (store) => store.space(),
        ];
        for (const way of ways) {
          const error = await assertRejects(() => way(store), DiskError);
          assertEquals(error.reason, reason);
        }
      }
    } finally {
      await client.close();
    }
    assertEquals([...Deno.readDirSync(outside)].map((entry) => entry.name), ["a"]);
    assertEquals(Deno.readTextFileSync(`${outside}/a`), "precious");
  });
}

refuses("a torrent's folder that is a link outside", (folder, outside) => {
  Deno.symlinkSync(outside, `${folder}/t`);
}, "link");

refuses("an inner folder that is a link outside", (folder, outside) => {
  Deno.mkdirSync(`${folder}/t`);
  Deno.symlinkSync(outside, `${folder}/t/inner`);
}, "link");

refuses("an inner folder that is a link inside", (folder) => {
  Deno.mkdirSync(`${folder}/t`);
  Deno.mkdirSync(`${folder}/other`);
  Deno.symlinkSync(`${folder}/other`, `${folder}/t/inner`);
}, "link");

refuses("a file that is a link outside", (folder, outside) => {
  Deno.mkdirSync(`${folder}/t/inner`, { recursive: true });
  Deno.symlinkSync(`${outside}/a`, `${folder}/t/inner/a`);
}, "link");

refuses("a file that is a dangling link outside", (folder, outside) => {
  Deno.mkdirSync(`${folder}/t/inner`, { recursive: true });
  Deno.symlinkSync(`${outside}/new`, `${folder}/t/inner/a`);
}, "link");

refuses("a file where a folder must be", (folder) => {
  Deno.mkdirSync(`${folder}/t`);
  Deno.writeTextFileSync(`${folder}/t/inner`, "in the way");
}, "not-a-folder");

refuses("a folder where a file must be", (folder) => {
  Deno.mkdirSync(`${folder}/t/inner/a`, { recursive: true });
}, "not-a-folder");

Deno.test("storage refuses names that would lead elsewhere before it looks at the disk", async () => {
  using temp = new TempFolder();
  const client = await DiskClient.start(temp.path);
  try {
    for (
      const path of [
        [],
        [""],
        ["."],
        [".."],
        ["t", ".."],
        ["t", "..", "x"],
        ["/etc/x"],
        ["a/b"],
        [
          "a\\b",
        ],
        ["a\0b"],
        [".tm", "state.db"],
        [".TM"],
      ]
    ) {
      const { layout } = await sampleTorrent([["x", 10]], 10);
      const files = [{ ...layout.files[0]!, path }];
      await assertRejects(() => client.open({ ...layout, files }, PLAIN), DiskError);
    }
  } finally {
    await client.close();
  }
  assertEquals([...Deno.readDirSync(temp.path)], []);
});

Deno.test("a link that takes a file's place while it is opened is noticed", async () => {
  using temp = new TempFolder();
  const outside = temp.write("outside/a", "x".repeat(100));
  const inside = temp.write("folder/t", "y".repeat(100));
  const system = new FaultySystem();
  const { layout, piece } = await sampleTorrent([["t", 100]], 100);
  await using bench = await inProcess(`${temp.path}/folder`, system, layout);
  system.beforeOpen = () => {
    Deno.removeSync(inside);
    Deno.symlinkSync(outside, inside);
    system.beforeOpen = () => {};
  };
  const error = await assertRejects(() => bench.store.write(0, piece(0)), DiskError);
  assertEquals(error.reason, "link");
  assertEquals(Deno.readTextFileSync(outside), "x".repeat(100));
});

Deno.test("a link that appears where nothing was is not followed when the file is made", async () => {
  using temp = new TempFolder();
  temp.write("folder/keep", "");
  const system = new FaultySystem();
  const { layout, piece } = await sampleTorrent([["t", 100]], 100);
  await using bench = await inProcess(`${temp.path}/folder`, system, layout);
  system.beforeOpen = (path) => Deno.symlinkSync(`${temp.path}/outside`, path);
  await assertRejects(() => bench.store.write(0, piece(0)), DiskError);
  assertEquals([...Deno.readDirSync(temp.path)].map((entry) => entry.name), ["folder"]);
});

Deno.test("folders removed during a download are made again", async () => {
  using temp = new TempFolder();
  const sample = await sampleTorrent(FILES, 100);
  const client = await DiskClient.start(temp.path);
  try {
    const store = await client.open(sample.layout, PLAIN);
    await store.write(1, sample.piece(1));
    Deno.removeSync(`${temp.path}/t`, { recursive: true });
    await store.write(0, sample.piece(0));
    assertEquals(Deno.readFileSync(`${temp.path}/t/inner/a`), sample.file(0));
    assertEquals((await assertRejects(() => store.finish(), DiskError)).reason, "missing");
  } finally {
    await client.close();
  }
});
