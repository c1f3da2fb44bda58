import { assertEquals } from "@std/assert";
import { type Line, line } from "../../../src/cli/top/line.ts";
import { Painter } from "../../../src/cli/top/painter.ts";

const [BEGIN, END] = ["\x1b[?2026h", "\x1b[?2026l"];
const CLEAR = "\x1b[H\x1b[2J";

/** What is written, each time. */
function lab() {
  const written: string[] = [];
  const painter = new Painter(
    { write: (text) => void written.push(text) },
    (text, tone) => tone === "bad" ? `<${text}>` : text,
  );
  const draw = (columns: number, ...lines: Line[]) => {
    written.length = 0;
    painter.draw(lines, columns);
    return written.join("");
  };
  return { painter, draw, written };
}

Deno.test("painter: a whole picture, then only the lines that changed", () => {
  const { painter, draw, written } = lab();
  painter.enter();
  assertEquals(written, ["\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"]);
  assertEquals(
    draw(5, line("one"), line(""), line("three", "bad")),
    // nothing is erased behind a full line: the cursor is on its last character
    `${BEGIN}${CLEAR}\x1b[1;1Hone\x1b[K\x1b[3;1H<three>${END}`,
  );
  assertEquals(draw(5, line("one"), line(""), line("three", "bad")), "");
  assertEquals(
    draw(5, line("one"), line("2"), line("")),
    `${BEGIN}\x1b[2;1H2\x1b[K\x1b[3;1H\x1b[K${END}`,
  );
});

Deno.test("painter: everything again at another size, and when the screen is not known", () => {
  const { painter, draw } = lab();
  painter.enter();
  draw(5, line("a"), line("b"));
  assertEquals(draw(6, line("a"), line("")), `${BEGIN}${CLEAR}\x1b[1;1Ha\x1b[K${END}`);
  assertEquals(draw(6, line("a")), `${BEGIN}${CLEAR}\x1b[1;1Ha\x1b[K${END}`);
  painter.forget();
  assertEquals(draw(6, line("a")), `${BEGIN}${CLEAR}\x1b[1;1Ha\x1b[K${END}`);
});

Deno.test("painter: nothing is drawn before and after, and the screen is given back once", () => {
  const { painter, draw, written } = lab();
  assertEquals(draw(5, line("a")), "");
  painter.leave();
  assertEquals(written, []);
  painter.enter();
  written.length = 0;
  painter.leave();
  painter.leave();
  assertEquals(written, ["\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"]);
  assertEquals(draw(5, line("a")), "");
});
