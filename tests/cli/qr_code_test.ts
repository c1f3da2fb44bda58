import { assert, assertEquals } from "@std/assert";
import { encode } from "uqr";
import { loadQrCode } from "../../src/cli/qr_code.ts";

const LINK = `magnet:?xt=urn:btih:${"a".repeat(40)}&x.pe=192.168.1.5:6881`;
const qrCode = await loadQrCode();
const ROOM = { columns: 79, rows: 23 };

/** The modules that lines show, true where there is ink. */
function modules(lines: readonly string[]): boolean[][] {
  return lines.flatMap((line) => {
    const marks = [...line];
    return [
      marks.map((mark) => mark === "▀" || mark === "█"),
      marks.map((mark) => mark === "▄" || mark === "█"),
    ];
  });
}

Deno.test("a QR code is drawn module by module, black on paper or light without colours", () => {
  const { data, size } = encode(LINK, { ecc: "L", border: 2 });
  const onPaper = qrCode([LINK], { ...ROOM, paper: (line) => `<${line}>` });
  assert(onPaper.every((line) => line.startsWith("<") && line.endsWith(">")));
  const ink = modules(onPaper.map((line) => line.slice(1, -1)));
  assertEquals(ink.slice(0, size), data);
  const light = modules(qrCode([LINK], { ...ROOM, paper: null }));
  assertEquals(light.slice(0, size), data.map((row) => row.map((dark) => !dark)));
});

Deno.test("the first link that fits is drawn, none where there is no room for any", () => {
  const long = `${LINK}&tr=${"x".repeat(300)}`;
  const drawn = qrCode([LINK], { ...ROOM, paper: null });
  assertEquals(qrCode([long, LINK], { ...ROOM, paper: null }), drawn);
  assertEquals(qrCode([long, LINK], { columns: drawn[0]!.length - 1, rows: 99, paper: null }), []);
  assertEquals(qrCode([long, LINK], { columns: 99, rows: drawn.length - 1, paper: null }), []);
});

Deno.test("what a common home network needs fits a terminal of 80 by 24", () => {
  const tracker = "&tr=http://192.168.178.123:6969/announce";
  const text = `magnet:?xt=urn:btih:${"a".repeat(40)}${tracker}&x.pe=192.168.178.123:6881`;
  assert(qrCode([text], { ...ROOM, paper: null }).length > 0);
});
