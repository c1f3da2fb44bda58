/** What a web server's answer to a request for a part of a file says, before any of its bytes are read. */
import { WebseedError, type WebseedFault } from "../swarm/mod.ts";

/** A part of a file: bytes `from` up to, not including, `to` of `size`. */
export interface FilePart {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/** The head of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly header: (name: string) => string | null;
}

/** What its body holds. */
export interface BodyPlan {
  /** Bytes before the part that was asked for. */
  readonly skip: number;
  /** Bytes of that part, at least one; fewer than asked for where the server gives fewer. */
  readonly take: number;
  /** The body ends with the part, and the connection can serve again. */
  readonly last: boolean;
}

/**
 * Reads the head of the answer to a request for `part`; `whole` when no range was asked for. Throws
 * {@linkcode WebseedError}. `now`: the wall clock in milliseconds, for a date in `Retry-After`.
 */
export function readHead(head: AnswerHead, part: FilePart, whole: boolean, now: number): BodyPlan {
  const { status, header } = head;
  if (status !== 200 && status !== 206) throw refusal(status, header("retry-after"), now);
  const encoding = (header("content-encoding") ?? "").trim().toLowerCase();
  if (encoding !== "" && encoding !== "identity") {
    throw new WebseedError("encoded", `It sends the file compressed (${short(encoding)})`);
  }
  const length = lengthOf(header("content-length"));
  const plan = status === 206
    ? partial(header("content-range"), part)
    : entire(length, part, whole);
  if (length !== null && length !== plan.length) {
    throw new WebseedError(
      "answers-badly",
      `It announces ${length} bytes for a part of ${plan.length}`,
    );
  }
  const { skip, take } = plan;
  return { skip, take, last: skip + take === plan.length };
}

/** What is to be read, and how long the body must be. */
interface Plan {
  readonly skip: number;
  readonly take: number;
  readonly length: number;
}

/** 206: exactly what was asked for, or less of it. */
function partial(text: string | null, part: FilePart): Plan {
  const range = parseContentRange(text ?? "");
  if (range === null) {
    const said = text === null ? "without a range" : `with the range "${short(text)}"`;
    throw new WebseedError("answers-badly", `It sends a part of the file ${said}`);
  }
  if (range.size !== null && range.size !== part.size) throw wrongSize(range.size, part.size);
  if (range.from !== part.from || range.to > part.to) {
    const asked = `${part.from}-${part.to - 1}`;
    throw new WebseedError(
      "answers-badly",
      `It was asked for the bytes ${asked} and sends ${range.from}-${range.to - 1}`,
    );
  }
  const take = range.to - range.from;
  return { skip: 0, take, length: take };
}

/** 200: the whole file, which is what was asked for or shows that there are no ranges. */
function entire(length: number | null, part: FilePart, whole: boolean): Plan {
  if (length !== null && length !== part.size) throw wrongSize(length, part.size);
  const all = part.from === 0 && part.to === part.size;
  if (!whole && !all) {
    throw new WebseedError("no-ranges", "It sends whole files only, no parts of them");
  }
  return { skip: part.from, take: part.to - part.from, length: part.size };
}

/** `bytes 0-99/200` as its bytes `from` up to, not including, `to`; `size` null where it is `*`. Null: it is none. */
export function parseContentRange(
  text: string,
): { from: number; to: number; size: number | null } | null {
  const match = /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(text);
  if (match === null) return null;
  const [from, last] = [Number(match[1]), Number(match[2])];
  const size = match[3] === "*" ? null : Number(match[3]);
  return last < from || (size !== null && last >= size) ? null : { from, to: last + 1, size };
}

/** `Retry-After` in milliseconds from `now`, the wall clock; null: there is none that makes sense. */
export function parseRetryAfter(text: string | null, now: number): number | null {
  if (text === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  // a date begins with its day; the parser takes much else for one
  const at = /^\s*[A-Za-z]{3,9}, .{8,40}$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function refusal(status: number, retryAfter: string | null, now: number): WebseedError {
  const wait = parseRetryAfter(retryAfter, now);
  const text = `It answered with HTTP status ${status}`;
  return new WebseedError(faultOf(status), STATUS[status] ?? text, wait);
}

const STATUS: Readonly<Record<number, string>> = {
  401: "It wants a name and a password (HTTP status 401)",
  403: "It does not give the file to us (HTTP status 403)",
  404: "It does not have the file (HTTP status 404)",
  410: "It does not have the file any more (HTTP status 410)",
  429: "It asks us to come later (HTTP status 429)",
  503: "It asks us to come later (HTTP status 503)",
};

function faultOf(status: number): WebseedFault {
  if (status === 404 || status === 410) return "missing";
  if (status === 416) return "wrong-size";
  if (status === 408) return "silent";
  if (status === 429 || status === 503) return "busy";
  if (status >= 500) return "trouble";
  return status >= 400 ? "forbidden" : "answers-badly";
}

function wrongSize(theirs: number, ours: number): WebseedError {
  return new WebseedError(
    "wrong-size",
    `Its file has ${theirs} bytes, the torrent's has ${ours}`,
  );
}

function lengthOf(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
