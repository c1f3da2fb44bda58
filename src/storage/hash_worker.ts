/** A hashing worker's entry: hashes the one range it is given and reads nothing else. */
import { asDiskError } from "./disk_error.ts";
import { type HashRange, hashRange } from "./hash_range.ts";
import type { HashReply } from "./hash_tree.ts";

const port = globalThis as unknown as {
  postMessage(reply: HashReply): void;
  onmessage: ((event: MessageEvent<HashRange>) => void) | null;
};
/** Progress is told each time so many bytes have gone by. */
const REPORT_BYTES = 32 * 1024 * 1024;

port.onmessage = ({ data: range }) => {
  try {
    const hashing = hashRange(range);
    let bytes = 0;
    for (let step = hashing.next();; step = hashing.next()) {
      if (step.done) return port.postMessage({ type: "hashes", bytes, hashes: step.value });
      bytes += step.value;
      if (bytes < REPORT_BYTES) continue;
      port.postMessage({ type: "progress", bytes });
      bytes = 0;
    }
  } catch (error) {
    const { reason, path, message } = asDiskError(error, "");
    port.postMessage({ type: "failure", reason, path, message });
  }
};
