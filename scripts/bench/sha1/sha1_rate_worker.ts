/** A thread of `sha1_rate.ts`: hashes as many bytes as it is told, and answers when it is done. */
const PIECE = 1024 * 1024;
/** Digests at a time: one is hashed while the next is copied. More gained nothing. */
const AT_ONCE = 2;

interface Port {
  onmessage: ((event: MessageEvent<number>) => void) | null;
  postMessage(message: number): void;
}

const port = self as unknown as Port;

async function hash(pieces: number): Promise<void> {
  const piece = new Uint8Array(PIECE).map((_, i) => i * 7);
  for (let done = 0; done < pieces; done++) await crypto.subtle.digest("SHA-1", piece);
}

port.onmessage = async ({ data }) => {
  const pieces = data / PIECE / AT_ONCE;
  await Promise.all(Array.from({ length: AT_ONCE }, () => hash(pieces)));
  port.postMessage(0);
};
port.postMessage(0);
