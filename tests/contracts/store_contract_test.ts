import type { Bytes } from "../../src/base/mod.ts";
import { DiskClient } from "../../src/storage/mod.ts";
import { MemoryStore } from "./memory_store.ts";
import { storeContract } from "./store_contract.ts";

storeContract("memory store", (layout, options) => {
  const store = new MemoryStore(layout, options);
  return Promise.resolve({
    store,
    plant: (file: number, bytes: Bytes) => void store.contents.set(file, bytes.slice()),
    stored: (file: number) => store.contents.get(file)?.slice() ?? null,
    [Symbol.asyncDispose]: () => store.close(),
  });
});

storeContract("disk store", async (layout, options) => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  const client = await DiskClient.start(folder);
  const store = await client.open(layout, options);
  const pathOf = (file: number) => [folder, ...layout.files[file]!.path].join("/");
  return {
    store,
    plant: (file: number, bytes: Bytes) => {
      const path = pathOf(file);
      Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      Deno.writeFileSync(path, bytes);
    },
    stored: (file: number) => {
      try {
        return Deno.readFileSync(pathOf(file));
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return null;
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await client.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
});
