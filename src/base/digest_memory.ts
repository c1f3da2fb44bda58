/**
 * Memory for the copies that Web Crypto makes. `digest` copies what it is given, so that its caller may go on changing
 * the bytes. For a piece that is fresh memory from the system, page by page, given back by collections of the heap: a
 * tenth of a download's CPU time and 40 MiB. The copy is made by `slice`, which asks the species of `Uint8Array` for its
 * memory (ECMA-262, TypedArraySpeciesCreate); so for the time of the call the species has memory that was used before.
 * A runtime that copies in another way (Deno 2.9) never asks, and all is as it was.
 */
import type { Bytes } from "./bytes.ts";

/** Less is not worth the trouble; a block of 16 KiB is, of which a v2 torrent has each hashed by itself. */
const LEAST = 16 * 1024;
/** Spare memory kept, in bytes. */
const MOST_SPARE = 32 * 1024 * 1024;

/** Blocks of a v2 torrent, and pieces: a hybrid has both hashed, and neither is to take the other's memory. */
const spareBlocks: ArrayBuffer[] = [];
const sparePieces: ArrayBuffer[] = [];
let spareBytes = 0;
let isOn = false;
/** What the next copy of just this length is to be made in. */
let offered: Bytes | null = null;

/** Begins to reuse memory in this thread. Changes `Uint8Array`, so it is for a thread that is all ours. */
export function reuseDigestMemory(): void {
  if (isOn) return;
  isOn = true;
  Object.defineProperty(Uint8Array, Symbol.species, { configurable: true, value: species });
}

/** Offers memory for the copy of `length` bytes that the next call of `digest` makes; null when there is no use for it. */
export function offerMemory(length: number): ArrayBuffer | null {
  if (!isOn || length < LEAST) return null;
  const memory = take(length);
  offered = new Uint8Array(memory, 0, length);
  return memory;
}

/** The call has made its copy, in the memory offered or elsewhere. */
export function endOffer(): void {
  offered = null;
}

/** Takes memory back: its digest is here. */
export function reclaimMemory(memory: ArrayBuffer | null): void {
  if (memory === null || spareBytes + memory.byteLength > MOST_SPARE) return;
  spareBytes += memory.byteLength;
  spareOf(memory.byteLength).push(memory);
}

function spareOf(length: number): ArrayBuffer[] {
  return length <= LEAST ? spareBlocks : sparePieces;
}

/** Called as a constructor by `slice` with a length, by `subarray` with a buffer. */
function species(first: ArrayBuffer | number, at?: number, length?: number): Bytes {
  if (offered !== null && first === offered.length) {
    const given = offered;
    offered = null;
    return given;
  }
  return new Uint8Array(first as ArrayBuffer, at, length);
}

function take(length: number): ArrayBuffer {
  const memory = spareOf(length).pop();
  if (memory === undefined) return new ArrayBuffer(length);
  spareBytes -= memory.byteLength;
  return memory.byteLength >= length ? memory : new ArrayBuffer(length);
}
