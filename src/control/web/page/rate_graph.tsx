import { Canvas } from "./canvas.tsx";
import { type Sample, series } from "./rate_history.ts";
import { useTools } from "./tools.ts";

const HEIGHT = 110;

/** The rates of the last ten minutes; both have one scale, whose top is said. */
export function RateGraph(
  { samples, down, up }: {
    readonly samples: readonly Sample[];
    readonly down: number;
    readonly up: number;
  },
) {
  const { words, format } = useTools();
  const now = Math.floor(Date.now() / 1000);
  const lines = [
    { values: series(samples, now, "down"), name: "--down" },
    { values: series(samples, now, "up"), name: "--up" },
  ];
  const top = Math.max(1, ...lines.flatMap(({ values }) => values));
  const said = (rate: number) => `${format.size(rate)}/s`;
  return (
    <Canvas
      label={words.graph(said(down), said(up))}
      height={HEIGHT}
      draw={(context, width, height, colour) => {
        context.strokeStyle = colour("--line");
        context.beginPath();
        for (const part of [0.02, 0.5, 0.98]) {
          context.moveTo(0, Math.round(height * part) + 0.5);
          context.lineTo(width, Math.round(height * part) + 0.5);
        }
        context.stroke();
        for (const { values, name } of lines) {
          context.strokeStyle = colour(name);
          context.lineWidth = 1.5;
          context.beginPath();
          values.forEach((value, index) => {
            const x = index / (values.length - 1) * width;
            context.lineTo(x, height * (0.98 - 0.96 * value / top));
          });
          context.stroke();
        }
        context.fillStyle = colour("--quiet");
        context.font = "12px system-ui";
        context.fillText(said(top), 4, 16);
      }}
    />
  );
}
