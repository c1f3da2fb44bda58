import { Canvas } from "./canvas.tsx";
import { bitsOf, pieceShares } from "./piece_map.ts";
import { useTools } from "./tools.ts";

const HEIGHT = 24;
/** The narrowest cell, in pixels. */
const CELL = 2;

/** The pieces from first to last, the fuller the stronger. */
export function PieceMap({ base64, count }: { readonly base64: string; readonly count: number }) {
  const { words, format } = useTools();
  const bits = bitsOf(base64);
  const [have = 0] = pieceShares(bits, count, 1);
  return (
    <Canvas
      label={words.pieceMap(format.percent(have))}
      height={HEIGHT}
      draw={(context, width, height, colour) => {
        context.fillStyle = colour("--line");
        context.fillRect(0, 0, width, height);
        context.fillStyle = colour("--accent");
        const shares = pieceShares(bits, count, Math.floor(width / CELL));
        const cell = width / shares.length;
        shares.forEach((share, index) => {
          if (share === 0) return;
          context.globalAlpha = 0.25 + 0.75 * share;
          context.fillRect(index * cell, 0, cell, height);
        });
      }}
    />
  );
}
