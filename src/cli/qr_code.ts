/** QR codes for a terminal: two modules a character, one above the other. */

/** Light modules around the code; its norm wants four, cameras make do with two. */
const MARGIN = 2;
/** Characters by what is dark in them, `upper` and `lower` half. */
const INK = { none: " ", upper: "▀", lower: "▄", both: "█" } as const;

/** How a code is drawn. */
export interface QrStyle {
  /** Columns and rows it may take. */
  readonly columns: number;
  readonly rows: number;
  /** Paints a line black on white. Null: no colours, and what is light is drawn, as on most terminals text is. */
  readonly paper: ((line: string) => string) | null;
}

/** The lines of the first of `texts` whose code fits; none when no code does. */
export type QrCode = (texts: readonly string[], style: QrStyle) => string[];

/** Loads the encoder, which nothing else needs. */
export async function loadQrCode(): Promise<QrCode> {
  const { encode } = await import("uqr");
  return (texts, { columns, rows, paper }) => {
    for (const text of texts) {
      const { data, size } = encode(text, { ecc: "L", border: MARGIN });
      if (size <= columns && Math.ceil(size / 2) <= rows) return draw(data, paper);
    }
    return [];
  };
}

/** `dark`: true for a dark module, row by row. */
function draw(dark: readonly (readonly boolean[])[], paper: QrStyle["paper"]): string[] {
  const inked = (row: number, column: number) =>
    (dark[row]?.[column] ?? false) === (paper !== null);
  const lines: string[] = [];
  for (let row = 0; row < dark.length; row += 2) {
    const line = dark[row]!.map((_, column) => {
      const upper = inked(row, column);
      // a last row alone has nothing below it
      const lower = row + 1 < dark.length && inked(row + 1, column);
      return INK[upper ? (lower ? "both" : "upper") : lower ? "lower" : "none"];
    }).join("");
    lines.push(paper === null ? line : paper(line));
  }
  return lines;
}
