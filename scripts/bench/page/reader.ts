/** What an open page costs its browser, by the browser's own clocks. */
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's. */
const CHROMIUM = "/usr/bin/chromium";
const VIEWPORT = { width: 1280, height: 720 };
const PATIENCE_MS = 60_000;

/** A browser; as root there is no sandbox of its own. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** A page of its own cache, whose list is there. */
export async function openPage(browser: Browser, place: string): Promise<Page> {
  // its policy allows no texts, as those below
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: VIEWPORT,
    bypassCSP: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  // texts, because they are for the browser and its types are not here
  await page.addInitScript(`{
    const look = () => requestAnimationFrame(() => {
      if (document.querySelector(".rows .row") === null) look();
      // the frame after that in which they came: they are painted
      else requestAnimationFrame(() => globalThis.firstView = performance.now());
    });
    look();
  }`);
  await page.goto(place);
  await page.waitForFunction("globalThis.firstView !== undefined");
  return page;
}

/** Milliseconds from the address to the list on the screen. */
export async function firstView(page: Page): Promise<number> {
  return await page.evaluate<number>("globalThis.firstView");
}

/** Milliseconds of script, style and layout in each of so many seconds, in each of which there is an update. */
export async function updateCosts(page: Page, seconds: number): Promise<number[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics
      .filter(({ name }) => /^(Script|Layout|RecalcStyle)Duration$/.test(name))
      .reduce((sum, { value }) => sum + value * 1000, 0);
  };
  const costs: number[] = [];
  let before = await spent();
  for (let second = 0; second < seconds; second++) {
    await page.waitForTimeout(1_000);
    const now = await spent();
    costs.push(now - before);
    before = now;
  }
  await devtools.detach();
  return costs;
}

/** Milliseconds between frames while the list scrolls, a little more than a row in each. */
export async function scrollFrames(page: Page, frames: number): Promise<number[]> {
  return await page.evaluate<number[]>(`new Promise((resolve) => {
    const grid = document.querySelector(".grid");
    const times = [];
    let last = null;
    const step = (now) => {
      if (last !== null) times.push(now - last);
      last = now;
      grid.scrollTop += 41;
      if (times.length < ${frames}) requestAnimationFrame(step);
      else resolve(times);
    };
    requestAnimationFrame(step);
  })`);
}
