/** What others wrote, wherever the page can show it: nothing invisible, nothing that turns round, nothing that piles up. */
import { Buffer } from "node:buffer";
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { Scene } from "../e2e/harness/scene.ts";
import { FakeManager, torrentOf } from "./fake_manager.ts";
import { browserTest, daemon } from "./manager.ts";
import { Visitor } from "./visitor.ts";

/** Turns round, shows nothing, acts on a terminal, piles up, ends a direction of its own. */
const NASTY = "\u202egpj\u2066\u200b\u2800\u3164\u00ad\u{e0041}\x07\x9b\ufeff\u2069\u2069" +
  `e${"\u0301".repeat(60)}\u2067 \u05d0\u05d1`;

/** Text of a stranger, to be known again by where it stands. */
function nasty(where: string): string {
  return `<b>evil-${where}${NASTY}.exe`;
}

const TRANSFERS = {
  downloadedBytes: 1,
  uploadedBytes: 1,
  filesAdded: 1,
  secondsActive: 1,
  sessionCount: 1,
};

/** What of a page is not as it should be, and every place that a text of ours came to. */
interface Findings {
  readonly wrong: readonly string[];
  readonly places: readonly string[];
}

/** Looks through all texts of the page that are seen or read out. */
async function look(page: Page): Promise<Findings> {
  // as text, because it is for the browser and its types are not here
  return await page.evaluate<Findings>(String.raw`(() => {
    const hiding =
      /[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cc}\p{Zl}\p{Zp}\u2800]|\p{M}{5}/u;
    const wrong = [];
    const places = new Set();
    const check = (where, text, isApart) => {
      for (const [, place] of text.matchAll(/evil-(\w+)/g)) places.add(place);
      if (hiding.test(text)) wrong.push(where + ": " + JSON.stringify(text));
      if (!isApart && text.includes("evil-")) wrong.push(where + " is not apart: " + text);
    };
    const app = document.getElementById("app");
    check("title", document.title, true);
    const texts = document.createTreeWalker(app, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { data, parentElement } = texts.currentNode;
      check(parentElement.outerHTML.slice(0, 60), data,
        parentElement.closest("bdi, option, [dir=auto]") !== null);
    }
    const read = ["title", "aria-label", "aria-description", "aria-valuetext", "placeholder", "alt"];
    for (const element of document.querySelectorAll("*")) {
      for (const name of read) {
        if (element.hasAttribute(name)) check(name, element.getAttribute(name), true);
      }
    }
    for (const { value } of document.querySelectorAll("datalist option")) check("list", value, true);
    return { wrong, places: [...places] };
  })()`);
}

browserTest("no text of a stranger hides or turns anything, wherever it shows", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const { row, torrent } = torrentOf(nasty);
  await using manager = new FakeManager(place, {
    "torrent-get": { torrents: [torrent] },
    "torrent-add": { "torrent-added": { id: 1, name: nasty("added") } },
    "session-get": { "download-dir": nasty("home"), version: nasty("version"), lacks: [] },
    "doctor": {
      findings: [
        {
          subject: "disk",
          state: "bad",
          code: "new",
          values: {},
          text: nasty("finding"),
          advice: nasty("cure"),
        },
      ],
    },
    "session-stats": { "current-stats": TRANSFERS, "cumulative-stats": TRANSFERS },
    "receipt": {
      parts: [{ part: "main", rights: [{ name: "read", state: "some", only: [nasty("right")] }] }],
    },
  }, [row]);
  await using visitor = await Visitor.open(manager.place);
  const { page } = visitor;
  /** Everything was shown of what is told here. */
  const shows = async (step: string, ...expected: readonly string[]) => {
    for (const where of expected) {
      await page.getByText(`evil-${where}`).filter({ visible: true }).first().waitFor();
    }
    const { wrong, places } = await look(page);
    assertEquals(wrong, [], step);
    assertEquals(expected.filter((each) => !places.includes(each)), [], step);
  };
  const dialog = page.getByRole("dialog");
  const dismissed = async () => {
    await page.keyboard.press("Escape");
    await visitor.closed();
  };

  await visitor.row("evil-name").dblclick();
  await page.getByLabel("Show").selectOption({ index: 6 });
  await shows(
    "overview",
    "name",
    "trouble",
    "server",
    "refusal",
    "cause",
    "advice",
    "folder",
    "comment",
    "creator",
  );
  const tab = (word: string) => page.getByRole("tab", { name: word }).click();
  await tab("Files");
  await page.getByRole("button", { name: "Open or close <b>evil-sub" }).click();
  await shows("files", "root", "sub", "file", "other");
  await tab("Peers");
  await shows("peers", "client");
  await tab("Trackers");
  await shows("trackers", "announce", "answer");
  await visitor.press("Edit the trackers …");
  await dialog.waitFor();
  await shows("list of trackers");
  await dismissed();
  await tab("Options");
  await page.getByLabel("Labels, with commas between").waitFor();
  await shows("options");
  await visitor.press("Close");

  await page.getByRole("grid").focus();
  const questions = [["F2", "name"], ["l", "label"], ["m", "name"], ["Delete", "name"]];
  for (const [key = "", where = ""] of questions) {
    await page.keyboard.press(key);
    await dialog.waitFor();
    await shows(`after ${key}`, where);
    await dismissed();
  }
  await visitor.press("Settings");
  await visitor.press("Look for problems");
  await shows("settings", "home", "version", "finding", "cure", "right");
  await dismissed();
  await visitor.press("Statistics");
  await dialog.waitFor();
  await shows("statistics");
  await dismissed();

  await page.keyboard.press("a");
  await page.getByLabel("Torrent files").setInputFiles({
    name: `${nasty("dropped")}.torrent`,
    mimeType: "application/x-bittorrent",
    buffer: Buffer.from([1]),
  });
  await shows("files to add", "dropped");
  await visitor.press("Add");
  await page.getByRole("status").filter({ hasText: "evil-added" }).waitFor();
  await shows("news", "added");
  manager.change({ id: 1, done: 2_000, progress: 1, state: "seeding" });
  await page.getByRole("status").filter({ hasText: "Complete: <b>evil-name" }).waitFor();
  await shows("what became complete", "name");
  manager.answers = { ...manager.answers, "session-set": nasty("refusal") };
  await visitor.press("Slow mode");
  await page.getByRole("alert").filter({ hasText: "evil-refusal" }).waitFor();
  await shows("what is wrong", "refusal");
  assertEquals(await page.locator("b").count(), 0);
  assertEquals(visitor.complaints, []);
});

browserTest("a folder of a strange name is shown to a newcomer as it is", async () => {
  await using scene = await Scene.open();
  const { place } = await daemon(scene);
  const answers = { "session-get": { "download-dir": nasty("home") } };
  await using manager = new FakeManager(place, answers, []);
  await using visitor = await Visitor.open(manager.place);
  await visitor.page.getByText("evil-home").waitFor();
  assertEquals((await look(visitor.page)).wrong, []);
  assertEquals(visitor.complaints, []);
});
