import { type AddressRanges, type Bytes, messageOf } from "../base/mod.ts";
import { type ListFault, refused } from "./complaint.ts";
import { IpFilterParser, MAX_FILTER_BYTES } from "../net/mod.ts";

/** Where the list of addresses to keep away comes from, and is kept. */
export interface FilterSource {
  /** The list at an `http` or `https` URL, as it came; `local`: it may be on a private address. Rejects with an error in words. */
  fetch(url: string, local: boolean): Promise<Bytes>;
  /** The list as it was kept; null: none. */
  load(): Promise<Bytes | null>;
  /** Keeps a list, unpacked. */
  save(list: Bytes): Promise<void>;
  /** Lets others have the thread. */
  pause(): Promise<void>;
}

/** What came is no list that can be used. */
class ListError extends Error {
  constructor(readonly fault: ListFault, message: string) {
    super(message);
  }
}

/** Lines that are read at a time, in some milliseconds. */
const LINES = 4000;

/** The list of addresses that is fetched from a URL, kept, and used while it is switched on. */
export class Filter {
  readonly #source: FilterSource;
  #ranges: AddressRanges | null = null;
  #updating: Promise<number> | null = null;

  constructor(source: FilterSource) {
    this.#source = source;
  }

  /** What it keeps away; null: nothing is known. */
  get ranges(): AddressRanges | null {
    return this.#ranges;
  }

  /** Rules that are known, after those that overlap were joined. */
  get rules(): number {
    return this.#ranges === null ? 0 : this.#ranges.v4.length / 2 + this.#ranges.v6.length / 8;
  }

  /** Reads what is kept. Rejects with what is wrong with it. */
  async load(): Promise<void> {
    const list = await this.#source.load();
    if (list !== null) this.#ranges = await read(list, this.#source.pause);
  }

  /** Fetches the list anew; the old one stays when that fails. Rejects with `UsageError`. One at a time. */
  update(url: string, local: boolean): Promise<number> {
    return this.#updating ??= this.#update(url, local).finally(() => this.#updating = null);
  }

  async #update(url: string, local: boolean): Promise<number> {
    if (url === "") {
      const message = "Expected the URL of a list: set it first";
      throw refused({ code: "no-list-url", values: {} }, message);
    }
    try {
      const list = await unpack(await this.#source.fetch(url, local));
      this.#ranges = await read(list, this.#source.pause);
      await this.#source.save(list);
    } catch (error) {
      const fault = error instanceof ListError ? error.fault : "unreachable";
      const message = `Cannot use the list at ${url}: ${messageOf(error)}`;
      throw refused({ code: `list-${fault}`, values: { name: url } }, message);
    }
    return this.rules;
  }
}

async function read(list: Bytes, pause: FilterSource["pause"]): Promise<AddressRanges> {
  const parser = new IpFilterParser(list);
  while (parser.step(LINES)) await pause();
  const { ranges, understood, misunderstood } = parser.result();
  // a page that says that it has moved, or an empty list, would let everybody in
  if (understood === 0) {
    throw misunderstood > 0
      ? new ListError("none", "it is no list of addresses")
      : new ListError("empty", "it is empty");
  }
  return ranges;
}

/** The list itself, where it came packed with gzip. */
async function unpack(bytes: Bytes): Promise<Bytes> {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new ListError("packed", "it is a zip file, gzip is understood");
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const parts: Bytes[] = [];
  let size = 0;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  for await (const part of stream) {
    size += part.length;
    if (size > MAX_FILTER_BYTES) {
      throw new ListError("large", `it is larger than ${MAX_FILTER_BYTES} bytes`);
    }
    parts.push(part);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
