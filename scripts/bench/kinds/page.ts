import { type Bench, interleave } from "../bench.ts";
import { type Figures, median, type Sample } from "../metric.ts";
import { firstView, openBrowser, openPage, scrollFrames, updateCosts } from "../page/reader.ts";
import { type Moving, MovingSwarms, swarmsRoom } from "../page/swarms.ts";
import type { PageWork } from "../scenario.ts";

const SETTLE_SECONDS = 3;
const VIEWS = 5;
const UPDATES = 20;
const FRAMES = 300;

export function pageRoom(work: PageWork): number {
  return swarmsRoom(movingOf(work));
}

/** A block of each in three seconds, for six minutes. */
function movingOf({ moving }: PageWork): Moving {
  return { count: moving, pieces: 32, bytesPerSecond: 6000 * moving };
}

/** The web page of a manager whose torrents all move: what it costs the reader's browser. */
export async function runPage(work: PageWork, bench: Bench): Promise<Sample[]> {
  const turns = work.programs.map(({ name }) => ({ name, perform: () => perform(work, bench) }));
  return await interleave(turns, bench);
}

async function perform(work: PageWork, bench: Bench): Promise<Figures> {
  await using swarms = await MovingSwarms.start(movingOf(work), bench);
  await pause(SETTLE_SECONDS);
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
    };
  } finally {
    await browser.close();
  }
}

/** The value that so large a part of all does not exceed. */
function most(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? NaN;
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
