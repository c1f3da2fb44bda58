import { join } from "@std/path";
import { toHex } from "../../../src/base/mod.ts";
import { parseMetainfo } from "../../../src/metainfo/mod.ts";
import { run } from "../../../tests/interop/harness/run.ts";
import { type Bench, interleave } from "../bench.ts";
import { measure } from "../measure.ts";
import type { Sample } from "../metric.ts";
import { PAYLOAD_NAME } from "../payload.ts";
import { PYTHON, pythonScript } from "../programs/program.ts";
import { LibtorrentSeeder } from "../programs/seeders.ts";
import type { MetadataWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Seconds one program may take. */
const LIMIT_SECONDS = 60;
const PIECE_LENGTH = 16 * 1024;
const HASH_BYTES = 20;

/** The file is a hole but for a piece; the torrent, and what is made of it. */
export function metadataRoom(work: MetadataWork): number {
  return PIECE_LENGTH + 8 * work.bytes;
}

/** Programs in turn fetch the metadata of a magnet link from one seeder: whole processes, from start to exit. */
export async function runMetadata(work: MetadataWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "metadata");
  const payload = join(source, PAYLOAD_NAME);
  const pieces = Math.ceil(work.bytes / HASH_BYTES);
  await Deno.mkdir(source);
  await Deno.writeFile(payload, new Uint8Array());
  await Deno.truncate(payload, pieces * PIECE_LENGTH);
  await using tracker = new FixedTracker();
  const script = pythonScript("sparse_torrent.py");
  const shape = [`${PIECE_LENGTH}`, `${pieces}`];
  await run([PYTHON, script, payload, torrent, tracker.url, ...shape], {}, signal);
  const { infoHash, infoBytes } = await parseMetainfo(await Deno.readFile(torrent));
  if (infoBytes.length < work.bytes) {
    throw new Error(`Expected ${work.bytes} bytes of metadata, got ${infoBytes.length}`);
  }
  await using seeder = await LibtorrentSeeder.start(torrent, source, 1, signal);
  tracker.peers = seeder.peers;
  const where = `&tr=${encodeURIComponent(tracker.url)}&x.pe=127.0.0.1:${seeder.peers[0]?.port}`;
  const magnet = `magnet:?xt=urn:btih:${toHex(infoHash)}${where}`;
  return await interleave(
    work.programs.map(({ name, command }) => ({
      name,
      perform: async () => {
        await Deno.mkdir(target);
        const limit = { seconds: LIMIT_SECONDS };
        const cost = await measure(command(magnet, target, tm), limit, folder, signal);
        const [saved] = await Array.fromAsync(Deno.readDir(target));
        const size = saved === undefined ? 0 : (await Deno.stat(join(target, saved.name))).size;
        if (size < infoBytes.length) {
          throw new Error(`Expected a torrent of ${infoBytes.length} bytes, got ${size}`);
        }
        await Deno.remove(target, { recursive: true });
        return { milliseconds: cost.wallSeconds * 1000, cpuSeconds: cost.cpuSeconds };
      },
    })),
    bench,
  );
}
