import type { Client, Direction, FeatureId } from "../../../scripts/interop/matrix.ts";
import { note } from "../../../scripts/interop/notes.ts";

/** `show`, with what came of it noted as a cell of the matrix. */
export function noted(
  feature: FeatureId,
  client: Client,
  direction: Direction,
  show: () => Promise<void>,
): () => Promise<void> {
  return async () => {
    let passed = false;
    try {
      await show();
      passed = true;
    } finally {
      note({ feature, client, direction, passed });
    }
  };
}
