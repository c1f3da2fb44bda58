import { type Bench, interleave } from "../bench.ts";
import { type Figures, median, type Sample } from "../metric.ts";
import {
  firstView,
  listen,
  openBrowser,
  openPage,
  runMilliseconds,
  scrollFrames,
  updateCosts,
} from "../page/reader.ts";
import { MovingSwarms, swarmsRoom } from "../page/swarms.ts";
import type { PageWork } from "../scenario.ts";

const SETTLE_SECONDS = 3;
const VIEWS = 5;
const UPDATES = 20;
const FRAMES = 300;
/** Pages open at a time, and how often each number of them is watched, in turn. */
const PAGES = [0, 1, 5] as const;
const TURNS = 2;
const WATCH_SECONDS = 5;

export function pageRoom({ moving }: PageWork): number {
  return swarmsRoom(moving);
}

/** The web page of a manager whose torrents all move: what it costs the reader's browser and the manager. */
export async function runPage(work: PageWork, bench: Bench): Promise<Sample[]> {
  const turns = work.programs.map(({ name }) => ({ name, perform: () => perform(work, bench) }));
  return await interleave(turns, bench);
}

async function perform(work: PageWork, bench: Bench): Promise<Figures> {
  await using swarms = await MovingSwarms.start(work.moving, bench);
  await pause(SETTLE_SECONDS);
  const cpu = await cpuOfPages(swarms, bench);
  const browser = await openBrowser();
  try {
    const views: number[] = [];
    for (let view = 0; view < VIEWS; view++) {
      const page = await openPage(browser, swarms.place);
      views.push(await firstView(page));
      await page.context().close();
    }
    const page = await openPage(browser, swarms.place);
    await pause(SETTLE_SECONDS);
    const updates = await updateCosts(page, UPDATES);
    await swarms.fillTo(work.rows, work.moving);
    await page.waitForFunction(
      `document.querySelector(".grid").ariaRowCount === "${work.rows + 1}"`,
    );
    const frames = await scrollFrames(page, FRAMES);
    const late = frames.filter((frame) => frame > 25).length;
    bench.say(`  ${late} of ${FRAMES} frames came late while ${work.rows} rows scrolled`);
    return {
      firstViewMilliseconds: median(views),
      updateMilliseconds: median(updates),
      slowUpdateMilliseconds: most(updates, 0.95),
      frameMilliseconds: most(frames, 0.95),
      pagePercent: cpu,
    };
  } finally {
    await browser.close();
  }
}

/** Percent of a core that a page costs the manager's first thread, the dearest of the numbers of pages. */
async function cpuOfPages({ place, pid }: MovingSwarms, { say, signal }: Bench): Promise<number> {
  const watched = PAGES.map((pages) => ({ pages, all: [] as number[], first: [] as number[] }));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const { pages, all, first } of watched) {
      signal.throwIfAborted();
      await using _ = listen(place, pages);
      await pause(1.5);
      const [before, from] = [await runMilliseconds(pid), performance.now()];
      await pause(WATCH_SECONDS);
      const [after, spent] = [await runMilliseconds(pid), performance.now() - from];
      all.push((after.all - before.all) * 100 / spent);
      first.push((after.first - before.first) * 100 / spent);
    }
  }
  const alone = median(watched[0]?.first ?? []);
  const each: number[] = [];
  for (const { pages, all, first } of watched) {
    const percent = (values: number[]) => `${median(values).toFixed(2)} %`;
    say(`  ${pages} pages: ${percent(all)} of a core, ${percent(first)} on the first thread`);
    if (pages > 0) each.push((median(first) - alone) / pages);
  }
  return Math.max(...each);
}

/** The value that so large a part of all does not exceed. */
function most(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
