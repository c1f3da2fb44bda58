/** The page in windows of every width, in each language: nothing has to be scrolled sideways, no figure is cut off. */
import { assertEquals } from "@std/assert";
import { LANGUAGES } from "../../src/control/web/page/words.ts";
import type { Row } from "../../src/control/web/row.ts";
import { row } from "../control/web/rows.ts";
import { Scene } from "../e2e/harness/scene.ts";
import { makeTorrent, noise } from "../e2e/harness/torrent.ts";
import { FakeManager } from "./fake_manager.ts";
import { browserTest, daemon } from "./manager.ts";
import { LOOKS, tooWide, tour } from "./views.ts";
import { Visitor } from "./visitor.ts";

const [LOOK] = LOOKS;
const WIDTHS = [320, 375, 480, 721, 768, 900, 1024, 1050, 1280] as const;
/** In upright ones of these details are below the list, not beside it. */
const UPRIGHT = [721, 900, 1050] as const;
const SIZES = [
  ...WIDTHS.map((width) => ({ width, height: 600 })),
  ...UPRIGHT.map((width) => ({ width, height: 1100 })),
];
const LONG = "a-name-of-one-word-that-goes-on-and-on-without-a-place-to-break-at.bin";

/** What `find` finds in each window, then the page is as it was. */
async function everywhere({ page }: Visitor, find: () => Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const each of await find()) found.push(`${size.width} x ${size.height}: ${each}`);
  }
  await page.setViewportSize(LOOK.viewport);
  return found;
}

for (const words of LANGUAGES) {
  const options = { locale: words.grammar, viewport: LOOK.viewport };

  browserTest(`every view fits into every width: ${words.languageName}`, async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    await using visitor = await Visitor.open(place, options);
    const { page } = visitor;
    const content = [[["a.bin"], noise(70_000, 1)], [["sub", LONG], noise(70_000, 2)]] as const;
    const trackers = [`http://127.0.0.1:1/${LONG}/announce`];
    for (const name of ["shown", "open"]) {
      const torrent = await makeTorrent({ name, content, trackers });
      await visitor.drop(`${name}.torrent`, torrent.bytes);
      if (name === "open") await page.getByLabel(words.addChoose).check();
      await visitor.press(words.add);
      if (name === "open") {
        await page.getByRole("dialog", { name: words.choosing.title }).waitFor();
        await page.keyboard.press("Escape");
      }
      await visitor.closed();
    }
    await visitor.row("open").filter({ hasText: words.states.unchosen }).waitFor();
    const wrong: string[] = [];
    for await (const view of tour(visitor, LOOK, { shown: "shown", unchosen: "open" }, words)) {
      const found = await everywhere(visitor, () => tooWide(visitor));
      wrong.push(...found.map((each) => `${view}: ${each}`));
    }
    assertEquals(wrong, []);
    assertEquals(visitor.complaints, []);
  });

  browserTest(`figures and heads of the list are never cut: ${words.languageName}`, async () => {
    await using scene = await Scene.open();
    const { place } = await daemon(scene);
    /** As long as any can be. */
    const long: Partial<Row> = {
      state: "downloading",
      progress: 0.888,
      size: 888_000_000_000,
      down: 888_000_000,
      up: 888_000_000,
      eta: (22 * 60 + 58) * 60,
      peers: 8_888,
      ratio: 8_888.88,
      place: 9_999,
      added: Date.UTC(2028, 11, 28),
    };
    await using manager = new FakeManager(place, {}, [
      row(1, long),
      row(2, { ...long, name: LONG }),
    ]);
    await using visitor = await Visitor.open(manager.place, options);
    const { page } = visitor;
    const cut = () =>
      page.evaluate<string[]>(`(() => {
        const cells = document.querySelectorAll(".head .row > div, .row > div:not(.c-name, .c-state)");
        return [...cells].filter((cell) =>
          cell.checkVisibility() && !cell.matches(".c-mark") && cell.scrollWidth > cell.clientWidth
        ).map((cell) => cell.className + ": " + cell.textContent);
      })()`);
    await visitor.row(LONG).waitFor();
    const wrong: string[] = [];
    for (const [column, word] of Object.entries(words.columns)) {
      // each has a mark where it is what the list is sorted by
      const head = page.getByRole("columnheader", { name: word });
      if (await head.isVisible()) await head.getByRole("button").click();
      const found = await everywhere(
        visitor,
        async () => [...await cut(), ...await tooWide(visitor)],
      );
      wrong.push(...found.map((each) => `by ${column}: ${each}`));
    }
    assertEquals(wrong, []);
    assertEquals(visitor.complaints, []);
  });
}
