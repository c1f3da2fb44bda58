import { join } from "@std/path";
import { run } from "../../../tests/interop/harness/run.ts";
import { type Bench, interleave, type Turn } from "../bench.ts";
import { compileSha1Rate } from "../sha1/compile.ts";
import { costFigures, measure } from "../measure.ts";
import type { Figures, Sample } from "../metric.ts";
import { makeTorrent, payloadBytes, payloadRoom, writePayload } from "../payload.ts";
import { PYTHON, pythonScript } from "../programs/program.ts";
import type { RecheckWork } from "../scenario.ts";

/** Seconds one check may take. */
const LIMIT_SECONDS = 120;

/** What SHA-1 alone does on all cores is in the results under these names: of Web Crypto, of OpenSSL. */
export const WEB_CRYPTO = "Web Crypto";
export const OPENSSL = "OpenSSL";

export function recheckRoom(work: RecheckWork): number {
  return payloadRoom(work.payload);
}

/** Checkers in turn, whole processes; beside them SHA-1 alone, without its start. */
export async function runRecheck(work: RecheckWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const bytes = payloadBytes(work.payload);
  const webCrypto = await compileSha1Rate();
  await writePayload(work.payload, source);
  await makeTorrent(source, torrent, "http://127.0.0.1:6969/announce", work.pieceLength, signal);
  const alone = async (command: readonly string[]): Promise<Figures> => {
    const { seconds } = JSON.parse(await run([...command, `${bytes}`], {}, signal));
    return { speed: bytes / 1e6 / seconds, seconds };
  };
  const turns: Turn[] = work.programs.map((program) => ({
    name: program.name,
    perform: async () => {
      const command = program.command(torrent, source, tm);
      return costFigures(await measure(command, { seconds: LIMIT_SECONDS }, folder, signal), bytes);
    },
  }));
  turns.push(
    { name: WEB_CRYPTO, perform: () => alone([webCrypto]) },
    { name: OPENSSL, perform: () => alone([PYTHON, pythonScript("sha1_rate.py")]) },
  );
  return await interleave(turns, bench);
}
