/** Causes on our own side. */
import type { WaitFacts } from "./facts.ts";
import type { Cause } from "./cause.ts";

/** An upload limit below this, in bytes a second, gives peers little reason to serve us. */
const LOW_UPLOAD = 32 * 1024;

/** Nobody from outside comes in. */
export function incomingCauses(
  { own: { port, mapping, proxied }, peers: { incoming } }: WaitFacts,
): Cause[] {
  if (port === null) {
    if (proxied) return [];
    return [{
      cause: "not-listening",
      values: {},
      text: "tm takes no connections from outside",
      advice: "leave --no-listen out, so that peers can come to us",
    }];
  }
  if (incoming > 0) return [];
  return [{
    cause: "no-incoming",
    values: { port, mapping },
    text: `nobody from outside is connected to our port ${port}`,
    advice: adviceFor(port, mapping),
  }];
}

/** What opens the port. */
function adviceFor(port: number, mapping: WaitFacts["own"]["mapping"]): string {
  switch (mapping) {
    case "mapped":
      return `the router lets them in; open TCP port ${port} in this machine's firewall too`;
    case "failed":
      return `the router does not map ports: open TCP port ${port} there and in the firewall`;
    case "asking":
      return "the router is being asked to open it";
    default:
      return `open TCP port ${port} in the firewall and router, so that peers can come to us; ` +
        "--map-port asks the router to";
  }
}

/** All connections are taken by other torrents. */
export function crowdedCauses({ own: { crowded }, tried }: WaitFacts): Cause[] {
  if (!crowded || tried.known === 0 || tried.connecting > 0) return [];
  return [{
    cause: "places-taken",
    values: {},
    text: "all connections are taken by other torrents",
    advice: "wait until one of them is done, or run fewer at once",
  }];
}

/** Our upload limit is too low to be worth serving. */
export function uploadCauses({ own: { uploadLimit } }: WaitFacts): Cause[] {
  if (uploadLimit === 0 || uploadLimit >= LOW_UPLOAD) return [];
  return [{
    cause: "upload-limit",
    values: { rate: uploadLimit },
    text: `the upload limit of ${size(uploadLimit)}/s is low, and peers serve those who give`,
    advice: "raise --max-upload-limit",
  }];
}

/** The download limit decides the speed, which is no fault. */
export function downloadLimitCauses({ own: { limited, downloadLimit } }: WaitFacts): Cause[] {
  if (!limited) return [];
  return [{
    cause: "download-limit",
    values: { rate: downloadLimit },
    text: `the download limit of ${size(downloadLimit)}/s is reached, as it should be`,
    advice: "wait, or raise --max-download-limit",
  }];
}

/** What came cannot be written fast enough. */
export function diskCauses({ disk: { pending } }: WaitFacts): Cause[] {
  const text = pending > 0
    ? `${size(pending)} wait to be written`
    : "the data of other torrents waits to be written";
  const advice = "the disk is slow or hangs: see what else uses it, or choose another with -d";
  return [{ cause: "disk-slow", values: { bytes: pending > 0 ? pending : null }, text, advice }];
}

/** Who reads the stream does not keep up. */
export function readerCauses(): Cause[] {
  return [{
    cause: "reader-slow",
    values: {},
    text: "it takes little or nothing of what is there",
    advice:
      "see what the program behind the pipe waits for: nothing more is fetched until it reads",
  }];
}

/** Opening or hashing takes long. */
export function checkingCauses(): Cause[] {
  return [{
    cause: "check-slow",
    values: {},
    text: "the disk takes long to open and read the files",
    advice: "wait, and see what else uses the disk",
  }];
}

/** `12 MiB`, `96 KiB`, `100 B`, rounded. */
function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kibibytes = bytes / 1024;
  return kibibytes < 1024 ? `${Math.round(kibibytes)} KiB` : `${Math.round(kibibytes / 1024)} MiB`;
}
