import type { Bitfield } from "../base/mod.ts";
import type { Inspection, TorrentLayout } from "./store.ts";

/** How one file compares with the torrent; `badBytes` of it lie in pieces that differ or are incomplete. */
export type FileReport =
  | { readonly status: "ok" }
  | { readonly status: "missing" }
  | { readonly status: "damaged"; readonly badBytes: number }
  /** Every piece is right, but the file has `size` bytes. */
  | { readonly status: "wrong-size"; readonly size: number };

/**
 * The result of a check, file by file in the layout's order. A piece that is bad counts against
 * every file it touches: which of them is at fault cannot be told. Padding is always `ok`.
 */
export function reportFiles(
  layout: TorrentLayout,
  inspection: Inspection,
  good: Bitfield,
): FileReport[] {
  const { files, geometry: { pieceLength } } = layout;
  return files.map((file, i) => {
    if (file.pad) return { status: "ok" };
    const state = inspection.files[i]!;
    if (!state.exists) return { status: "missing" };
    const end = file.offset + file.length;
    let badBytes = 0;
    for (let p = Math.floor(file.offset / pieceLength); p * pieceLength < end; p++) {
      if (good.has(p)) continue;
      badBytes += Math.min(end, (p + 1) * pieceLength) - Math.max(file.offset, p * pieceLength);
    }
    if (badBytes > 0) return { status: "damaged", badBytes };
    return state.size === file.length
      ? { status: "ok" }
      : { status: "wrong-size", size: state.size };
  });
}
