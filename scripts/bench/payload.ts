import { createHash } from "node:crypto";
import { join } from "@std/path";
import { run } from "../../tests/interop/harness/run.ts";
import { Noise } from "./noise.ts";
import type { Payload } from "./scenario.ts";

/** Of the payload, its torrent and its file or folder. */
export const PAYLOAD_NAME = "payload";

/** How many files a folder of the payload holds at most. */
const FILES_PER_FOLDER = 100;

/** A file of the payload: its path below the payload, empty for the payload itself. */
interface PayloadFile {
  readonly path: string;
  readonly size: number;
}

/** The files of a payload, the same each time. */
export function payloadFiles(payload: Payload): PayloadFile[] {
  if (payload.kind === "file") return [{ path: "", size: payload.bytes }];
  const sizes = new Noise(payload.seed);
  return Array.from({ length: payload.count }, (_, i) => ({
    path: `${Math.floor(i / FILES_PER_FOLDER)}/${i}`,
    size: sizes.next() % (2 * payload.meanBytes),
  }));
}

export function payloadBytes(payload: Payload): number {
  return payloadFiles(payload).reduce((sum, { size }) => sum + size, 0);
}

/** The most of it that a file system may need, which gives out whole pages. */
export function payloadRoom(payload: Payload): number {
  return payloadFiles(payload).reduce((sum, { size }) => sum + size + 8192, 0);
}

/** Writes the payload into `folder`, which it makes. */
export async function writePayload(payload: Payload, folder: string): Promise<void> {
  const noise = new Noise();
  await Deno.mkdir(folder);
  const folders = new Set<string>();
  for (const { path, size } of payloadFiles(payload)) {
    const file = join(folder, PAYLOAD_NAME, path);
    const parent = join(file, "..");
    if (!folders.has(parent)) await Deno.mkdir(parent, { recursive: true });
    folders.add(parent);
    noise.write(file, size);
  }
}

/** Makes the torrent of what {@linkcode writePayload} wrote; `options` are further ones of mktorrent. */
export async function makeTorrent(
  folder: string,
  torrent: string,
  announce: string,
  pieceLength: number,
  signal: AbortSignal,
  options: readonly string[] = [],
): Promise<void> {
  const exponent = `${Math.log2(pieceLength)}`;
  const payload = join(folder, PAYLOAD_NAME);
  await run(
    ["mktorrent", "-d", "-l", exponent, "-a", announce, ...options, "-o", torrent, payload],
    {},
    signal,
  );
}

/** Makes a torrent of version 2, which mktorrent cannot, with the `tm` at that path. */
export async function makeV2Torrent(
  tm: string,
  folder: string,
  torrent: string,
  announce: string,
  pieceLength: number,
  signal: AbortSignal,
): Promise<void> {
  const payload = join(folder, PAYLOAD_NAME);
  const options = ["--v2", "-a", announce, "--piece-length", `${pieceLength}`, "-o", torrent];
  await run([tm, "create", payload, ...options], {}, signal);
}

/** One SHA-256 over the contents of the payload's files in `folder`. */
export async function digest(
  payload: Payload,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  const part = new Uint8Array(1024 * 1024);
  for (const { path } of payloadFiles(payload)) {
    using file = await Deno.open(join(folder, PAYLOAD_NAME, path));
    for (let read = await file.read(part); read !== null; read = await file.read(part)) {
      signal.throwIfAborted();
      hash.update(part.subarray(0, read));
    }
  }
  return hash.digest("hex");
}

/** Bytes that the payload's files in `folder` hold. */
export async function sizeOnDisk(payload: Payload, folder: string): Promise<number> {
  let sum = 0;
  for (const { path } of payloadFiles(payload)) {
    sum += (await Deno.stat(join(folder, PAYLOAD_NAME, path))).size;
  }
  return sum;
}
