import { fromFileUrl, join } from "@std/path";
import { type Bench, interleave, type Turn } from "../bench.ts";
import { LineProcess } from "../line_process.ts";
import { costFigures, measure } from "../measure.ts";
import type { Figures, Sample } from "../metric.ts";
import { Original } from "../original.ts";
import { makeTorrent, PAYLOAD_NAME, payloadBytes, payloadRoom, writePayload } from "../payload.ts";
import { PYTHON } from "../programs/program.ts";
import type { WebDownloader } from "../programs/web_downloaders.ts";
import type { WebseedWork } from "../scenario.ts";
import { FixedTracker } from "../tracker.ts";

/** Seconds one download may take, and the server to its start. */
const LIMIT_SECONDS = 180;
const START_SECONDS = 20;

/** Ranges by sendfile, a thread for each connection. */
const SERVER = new URL("../../../tests/interop/python/web_server.py", import.meta.url);

/** The payload twice. */
export function webseedRoom(work: WebseedWork): number {
  return 2 * payloadRoom(work.payload);
}

/** Downloaders in turn from one web server, nobody else having the torrent: whole processes, from start to exit. */
export async function runWebseed(work: WebseedWork, bench: Bench): Promise<Sample[]> {
  const { folder, signal, tm } = bench;
  const source = join(folder, "seed");
  const torrent = join(folder, "bench.torrent");
  const target = join(folder, "download");
  const bytes = payloadBytes(work.payload);
  await writePayload(work.payload, source);
  await using server = new LineProcess(
    [PYTHON, fromFileUrl(SERVER), "127.0.0.1", source],
    signal,
    "null",
  );
  const line = await server.line(START_SECONDS, (line) => line.startsWith("port "));
  server.drain();
  const url = `http://127.0.0.1:${line.split(" ")[1]}/${PAYLOAD_NAME}`;
  await using tracker = new FixedTracker();
  await makeTorrent(source, torrent, tracker.url, work.pieceLength, signal, ["-w", url]);
  const original = new Original(work.payload, source, signal);
  const perform = async (program: WebDownloader, round: number): Promise<Figures> => {
    await Deno.mkdir(target);
    const command = program.command({ torrent, url, folder: target, tm });
    const cost = await measure(command, { seconds: LIMIT_SECONDS }, folder, signal);
    await original.expect(target, program.name, round);
    await Deno.remove(target, { recursive: true });
    return costFigures(cost, bytes);
  };
  const turns: Turn[] = work.programs.map((program) => ({
    name: program.name,
    perform: (round) => perform(program, round),
  }));
  return await interleave(turns, bench);
}
