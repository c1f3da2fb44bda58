import { useEffect, useRef } from "preact/hooks";

/** Draws in a canvas of `width` × `height` CSS pixels. */
export type Draw = (
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  /** A colour of the style, by the name of its variable. */
  colour: (name: string) => string,
) => void;

/** A picture that is drawn anew with each change, as sharp as the screen. `label` is for who does not see it. */
export function Canvas(
  { label, height, draw }: {
    readonly label: string;
    readonly height: number;
    readonly draw: Draw;
  },
) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (canvas === null || context === null || context === undefined) return;
    const scale = globalThis.devicePixelRatio;
    const width = canvas.clientWidth;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.scale(scale, scale);
    const style = getComputedStyle(canvas);
    draw(context, width, height, (name) => style.getPropertyValue(name).trim());
  });
  return <canvas ref={ref} role="img" aria-label={label} style={{ height: `${height}px` }} />;
}
