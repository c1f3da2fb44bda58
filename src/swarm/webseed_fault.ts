/** What is wrong with a web server or one of its answers. */
export type WebseedFault =
  /** The file is not there (404, 410), or not for us (401, 403 and their like). */
  | "missing"
  | "forbidden"
  /** It is there with another length. */
  | "wrong-size"
  /** More came than the answer said, or it answers another range than the one asked for. */
  | "answers-badly"
  /** It sends the bytes compressed although we take none. */
  | "encoded"
  /** It knows no ranges, and sent the whole file from its begin. */
  | "no-ranges"
  /** Our own address policy forbids to ask it, or where it sends us. */
  | "refused"
  | "redirects"
  /** It asks us to come later (429, 503). */
  | "busy"
  /** It has trouble of its own (other 5xx). */
  | "trouble"
  | "unknown-host"
  | "unreachable"
  /** No answer in time, or hardly any bytes. */
  | "silent"
  /** The connection ended before the last byte. */
  | "cut-short";

/** What a fault means for what is asked next. */
export type Consequence =
  /** This file is not asked for here again. */
  | "file"
  /** Nothing is. */
  | "gone"
  /** It is asked again after a while. */
  | "later"
  /** It is asked again at once, for whole files. */
  | "whole";

const CONSEQUENCES: Readonly<Record<WebseedFault, Consequence>> = {
  "missing": "file",
  "forbidden": "file",
  "wrong-size": "file",
  "answers-badly": "file",
  "encoded": "file",
  "no-ranges": "whole",
  "refused": "gone",
  "redirects": "file",
  "busy": "later",
  "trouble": "later",
  "unknown-host": "later",
  "unreachable": "later",
  "silent": "later",
  "cut-short": "later",
};

/** What follows from `fault`. */
export function consequenceOf(fault: WebseedFault): Consequence {
  return CONSEQUENCES[fault];
}

/** A web server did not give what it was asked for; the message is fit for people. */
export class WebseedError extends Error {
  override name = "WebseedError";
  /** `retryAfter`: milliseconds it asks us to wait, null: it does not say. */
  constructor(
    readonly fault: WebseedFault,
    message: string,
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }
}
