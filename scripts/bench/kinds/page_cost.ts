import { type Bench, interleave } from "../bench.ts";
import { cpuSeconds } from "../cpu.ts";
import { type Figures, overNeighbours, type Sample } from "../metric.ts";
import { listen } from "../page/listeners.ts";
import { type Moving, MovingSwarms, swarmsRoom } from "../page/swarms.ts";
import type { PageCostWork } from "../scenario.ts";

/** For half a minute after somebody asked, a manager keeps what it shows fresh. */
const UNASKED_SECONDS = 32;
/** After a page was opened, in which it was told of everything. */
const SETTLE_SECONDS = 2;
/** The kernel counts hundredths of a second: this long they are 0.05 %. */
const WATCH_SECONDS = 20;
/** Pages that are open together where there are several. */
const SEVERAL = 5;
/** Bytes a second of each that moves: more than a block, so that each of its figures is another one every second. */
const RATE = 20_000;
/** Until all are added, on a machine that is busy. */
const ADD_SECONDS = 600;

/** What moves lasts longer than a run of so many rounds. */
function movingOf({ moving }: PageCostWork, rounds: number): Moving {
  const each = 2 * (UNASKED_SECONDS + SETTLE_SECONDS + 2 * WATCH_SECONDS);
  const pieces = Math.ceil((ADD_SECONDS + (rounds + 1) * each) * RATE / (64 * 1024));
  return { count: moving, pieces, bytesPerSecond: moving * RATE };
}

export function pageCostRoom(work: PageCostWork, rounds: number): number {
  return swarmsRoom(movingOf(work, rounds)) + work.torrents * 64 * 1024;
}

/**
 * CPU time that open pages cost a manager of many torrents, of which few move. In turn nobody asks anything, one page is
 * open, nobody, several are; and of what is used while pages are open goes what was used in the times before and after
 * it. So what the torrents themselves take, and a machine that is slower for a while, is in neither.
 */
export async function runPageCost(work: PageCostWork, bench: Bench): Promise<Sample[]> {
  const turns = work.programs.map(({ name }) => ({ name, perform: () => perform() }));
  await using swarms = await MovingSwarms.start(movingOf(work, bench.rounds), bench);
  await swarms.seedTo(work.torrents, work.moving, bench.signal);
  let before = await watch(swarms, 0, bench);
  const perform = async (): Promise<Figures> => {
    const one = await watch(swarms, 1, bench);
    const between = await watch(swarms, 0, bench);
    const several = await watch(swarms, SEVERAL, bench);
    const after = await watch(swarms, 0, bench);
    const [alone = NaN, together = NaN] = overNeighbours([before, between, after], [one, several]);
    before = after;
    return { idlePercent: between, pagePercent: alone, severalPagesPercent: together / SEVERAL };
  };
  return await interleave(turns, bench);
}

/** Percent of a core that the manager uses, all of its threads, while so many pages are open. */
async function watch(
  { place, pid }: MovingSwarms,
  pages: number,
  { signal }: Bench,
): Promise<number> {
  await using _ = await listen(place, pages);
  await pause(pages === 0 ? UNASKED_SECONDS : SETTLE_SECONDS, signal);
  const [before, from] = [await cpuSeconds(pid), performance.now()];
  await pause(WATCH_SECONDS, signal);
  return (await cpuSeconds(pid) - before) * 1e5 / (performance.now() - from);
}

async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  signal.throwIfAborted();
}
