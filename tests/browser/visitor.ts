/** Somebody who looks at a manager's web page. */
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Debian's. */
const CHROMIUM = "/usr/bin/chromium";

/** The browser of all visitors in this thread: each has a profile of its own in it, and starting one takes half a second. */
let shared: Promise<Browser> | null = null;

async function launch(args: readonly string[] = []): Promise<Browser> {
  if (!await Deno.stat(CHROMIUM).then(() => true, () => false)) {
    throw new Error(`Expected ${CHROMIUM}: apt-get install --no-install-recommends chromium`);
  }
  // as root there is no sandbox of its own
  return await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", ...args] });
}

/** Ends the browser that visitors share; the next one starts another. */
export async function closeBrowser(): Promise<void> {
  const ending = shared;
  shared = null;
  await (await ending?.catch(() => null))?.close();
}

/**
 * A page and the profile it is in; `complaints` are what its console and network said is wrong, and requests to anybody
 * but the manager.
 */
export class Visitor implements AsyncDisposable {
  readonly complaints: string[] = [];

  private constructor(readonly page: Page, readonly browser: Browser, readonly alone: boolean) {
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      // the answer that names the session id is how the RPC begins, and wrong passwords are told
      const expected = /40[19]|429|ERR_CONNECTION|ERR_INCOMPLETE|503/.test(message.text());
      if (message.type() === "error" && !expected) this.complaints.push(message.text());
    });
  }

  /** Opens `place`; with further `args` in a browser of its own. */
  static async open(
    place: string,
    options: BrowserContextOptions = {},
    ...args: string[]
  ): Promise<Visitor> {
    const alone = args.length > 0;
    const browser = await (alone ? launch(args) : shared ??= launch());
    const context = await browser.newContext({ locale: "en-GB", ...options });
    const page = await context.newPage();
    const visitor = new Visitor(page, browser, alone);
    const { origin } = new URL(place);
    // whatever is in the page, and in every window of it
    context.on("request", (request) => {
      if (new URL(request.url()).origin !== origin) visitor.complaints.push(request.url());
    });
    // for a machine that does much besides
    page.setDefaultTimeout(60_000);
    await page.goto(place);
    return visitor;
  }

  /** What axe-core finds, in a world of its own that the page's policy does not bind. */
  async violations(): Promise<string[]> {
    const devtools = await this.page.context().newCDPSession(this.page);
    const { frameTree } = await devtools.send("Page.getFrameTree");
    const { executionContextId: contextId } = await devtools.send("Page.createIsolatedWorld", {
      frameId: frameTree.frame.id,
    });
    await devtools.send("Runtime.evaluate", { contextId, expression: axe.source });
    const { result } = await devtools.send("Runtime.evaluate", {
      contextId,
      awaitPromise: true,
      returnByValue: true,
      expression: "axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => " +
        "nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)))",
    });
    await devtools.detach();
    if (!Array.isArray(result.value)) throw new Error(`axe-core failed: ${result.description}`);
    return result.value as string[];
  }

  /** Drops a torrent's file on the page, and waits until it is asked about. */
  async drop(name: string, bytes: Uint8Array): Promise<void> {
    // as text, because it is for the browser and its types are not here
    await this.page.evaluate(`{
      const transfer = new DataTransfer();
      const bytes = new Uint8Array(${JSON.stringify([...bytes])});
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
    }`);
    await this.page.getByRole("listitem").filter({ hasText: name }).waitFor();
  }

  /** The row of a torrent in the list. */
  row(name: string) {
    return this.page.getByRole("row").filter({ hasText: name });
  }

  /**
   * Waits until no question is open, and the page knows it: a dialog that the browser has closed has no role at once, but
   * is taken away a little later, and one that is asked for in between is not shown.
   */
  async closed(): Promise<void> {
    await this.page.locator("dialog").waitFor({ state: "detached" });
  }

  /** Opens the dialog that adds, and writes a link there. */
  async typeLink(link: string): Promise<void> {
    await this.page.getByRole("banner").getByRole("button", { name: "Add" }).click();
    await this.page.getByLabel("Magnet link").fill(link);
  }

  /** Presses a button by its word. */
  async press(word: string): Promise<void> {
    await this.page.getByRole("button", { name: word, exact: true }).last().click();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.alone) await this.browser.close();
    else await this.page.context().close();
  }
}
