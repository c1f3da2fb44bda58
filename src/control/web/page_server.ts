import { type Bytes, sha256, toHex } from "../../base/mod.ts";
import { COMMON, refuse } from "../responses.ts";

/** One of the page's files. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Bytes;
}

/** The page's files by their paths. Null: they were not built, as may be from source. */
export type PageFiles = ReadonlyMap<string, PageFile> | null;

/** What a browser may do with the page: use its own script and style, call its own origin, and nothing else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Headers of every file; unlike other answers they may be kept, but not used without asking whether they changed. */
const HEADERS: Readonly<Record<string, string>> = {
  ...COMMON,
  "cache-control": "private, no-cache",
  "content-security-policy": POLICY,
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "vary": "accept-encoding",
};

/** A file as it is sent. */
interface Ready {
  readonly etag: string;
  readonly gzip: Bytes;
}

/** Serves the page's files: each with a strong `ETag` of its bytes, compressed for who takes it. */
export class PageServer {
  readonly #files: PageFiles;
  readonly #ready = new Map<string, Promise<Ready>>();

  constructor(files: PageFiles) {
    this.#files = files;
  }

  /** Answers for the file at `path`. */
  async answer(request: Request, path: string): Promise<Response> {
    const file = this.#files?.get(path);
    if (file === undefined) {
      const built = this.#files !== null;
      return refuse(
        404,
        built ? "Not found" : "The page is not built: run deno task page, start again",
      );
    }
    const { etag, gzip } = await this.#prepare(path, file);
    const { headers } = request;
    const zipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i
      .test(headers.get("accept-encoding") ?? "");
    // another encoding is another representation, and a strong tag tells them apart
    const tag = zipped ? `"${etag}-gzip"` : `"${etag}"`;
    const all = { ...HEADERS, etag: tag };
    if (names(headers.get("if-none-match"), tag)) {
      return new Response(null, { status: 304, headers: all });
    }
    const bytes = zipped ? gzip : file.bytes;
    return new Response(bytes, {
      headers: {
        ...all,
        "content-type": file.type,
        // the runtime would compress it by itself, and make the tag a weak one
        "content-encoding": zipped ? "gzip" : "identity",
        "content-length": String(bytes.length),
      },
    });
  }

  #prepare(path: string, { bytes }: PageFile): Promise<Ready> {
    const ready = this.#ready.get(path) ?? prepare(bytes);
    this.#ready.set(path, ready);
    return ready;
  }
}

async function prepare(bytes: Bytes): Promise<Ready> {
  const [digest, gzip] = await Promise.all([sha256(bytes), compress(bytes)]);
  return { etag: toHex(digest).slice(0, 32), gzip };
}

async function compress(bytes: Bytes): Promise<Bytes> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Whether `If-None-Match` names the tag. */
function names(header: string | null, tag: string): boolean {
  if (header === null) return false;
  return header.split(",").some((each) => [tag, "*"].includes(each.trim().replace(/^W\//, "")));
}
