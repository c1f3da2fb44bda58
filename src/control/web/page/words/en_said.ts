/** What the manager says of torrents, trackers, itself and calls, in English, by its codes. */
import type { Counted } from "../counted.ts";
import type { Advised } from "../said.ts";
import { CAUSES_EN } from "./en_causes.ts";

const AT = (path: string | null) => path === null ? "." : `: ${path}`;
const CLOSED = "open it in the firewall and the router";

interface Room {
  readonly freeBytes: string;
  readonly totalBytes: string;
  readonly neededBytes: string;
  readonly reserveBytes: string;
}

interface Speed {
  readonly writeRate: string;
  readonly readRate: string;
}

interface Router {
  readonly name: string;
  readonly protocol: string;
  readonly port: string;
}

const room = ({ freeBytes, totalBytes, neededBytes, reserveBytes }: Room) =>
  `${freeBytes} of ${totalBytes} are free, ${neededBytes} to be downloaded, ` +
  `${reserveBytes} to be left free.`;
const speed = ({ writeRate, readRate }: Speed) =>
  `The disk writes ${writeRate || "0"} and reads ${readRate || "0"}.`;
const router = ({ name, protocol }: Router) => `The router ${name} (${protocol})`;

/** What is wrong with a tracker. */
const TRACKER_FAULTS = {
  "refuses": "It refuses this torrent.",
  "answers-badly": "It gives no proper answer.",
  "unknown-host": "It has no address that can be found.",
  "unreachable": "It cannot be reached.",
  "silent": "It does not answer in time.",
  "forbidden": "It may not be asked.",
  "unsupported": "It cannot be asked: its address is neither http nor udp.",
};

/** Sentences by codes. */
export const SAID_EN = {
  causes: CAUSES_EN,

  // what a torrent waits for
  waits: {
    "metadata": "It waits for its metadata.",
    "checking": "What is on the disk is checked.",
    "peers": "It waits for peers.",
    "unchoke": "It waits to be served.",
    "data": "It waits for data.",
    "disk": "It waits for the disk.",
    "reader": "It waits for whoever reads it.",
    "queue": "It waits for its place in the queue.",
    "budget-torrent": ({ bytes }: { bytes: string }) =>
      `Its budget of ${bytes} is used up: raise it to go on.`,
    "budget-all": ({ bytes }: { bytes: string }) =>
      `The budget of ${bytes} for all torrents is used up: raise it to go on.`,
    "budget-month": ({ bytes }: { bytes: string }) =>
      `The budget of ${bytes} a month is used up: it goes on in the next.`,
    "budget-day": ({ bytes }: { bytes: string }) =>
      `The budget of ${bytes} a day is used up: it goes on the next.`,
  },

  // what is wrong with a torrent
  troubles: {
    "stalled": "Nothing came for too long.",
    "disk-full": ({ bytes }: { bytes: string | null }) =>
      bytes === null ? "The disk is full." : `The disk is full: ${bytes} more must be free.`,
    "file-exists": ({ path }: { path: string | null }) => `Another file is in its place${AT(path)}`,
    "cannot-create": ({ path }: { path: string | null }) => `A file cannot be written${AT(path)}`,
    "cannot-open": ({ path }: { path: string | null }) => `A file is not there${AT(path)}`,
    "locked": ({ path }: { path: string | null }) => `Another program has it${AT(path)}`,
    "incomplete": "It is not complete.",
    "bad-torrent": "The torrent cannot be used: remove it and add it again.",
    "denied": "It holds a file that is denied.",
    "budget": "The budget is used up.",
    "reader-gone": "Nobody reads it any more.",
    "other": "Something went wrong.",
    "tracker-warning": ({ said }: { said: string }) => `The tracker warns: “${said}”`,
    "tracker-refuses": ({ said }: { said: string }) =>
      `The tracker refuses it${said === "" ? "." : `: “${said}”`}`,
    "tracker-answers-badly": "The tracker gives no proper answer.",
    "tracker-unknown-host": "The tracker has no address that can be found.",
    "tracker-unreachable": "The tracker cannot be reached.",
    "tracker-silent": "The tracker does not answer in time.",
    "tracker-forbidden": "The tracker may not be asked.",
  },
  trackerFaults: TRACKER_FAULTS,
  trackerAnswered: "It answered.",

  // what is wrong with a call
  complaints: {
    "no-torrent": "This torrent is no longer there.",
    "no-file": "There is no such file in the torrent.",
    "no-tracker": "There is no such tracker.",
    "no-metadata": "Its files are not known yet: wait for its metadata.",
    "own-folder": "This folder is the manager’s own: name another.",
    "no-list-url": "Give the web address of a list first.",
    "label-comma": "A label is not empty and has no comma.",
    "bad-value": "A value has the wrong form.",
    "outside-folder": ({ path }: { path: string }) =>
      `${path === "" ? "This" : path} is no folder below the download folder.`,
    "no-such-path": ({ path }: { path: string }) =>
      `There is nothing named ${path} in the torrent.`,
    "file-taken": ({ path }: { path: string }) => `There is a file named ${path} already.`,
    "folder-taken": ({ path }: { path: string }) => `There is a folder named ${path} already.`,
    "shared-file": ({ path, name }: { path: string; name: string }) =>
      `${path} is a file of ${name}, too: remove one of the two.`,
    "bad-name": ({ name }: { name: string }) =>
      `“${name}” is no name for a file or folder: no slashes, nothing that systems reserve.`,
    "tracker-url": ({ name }: { name: string }) =>
      `“${name}” is no tracker’s address: it begins with http, https or udp.`,
    "too-many-trackers": ({ count }: { count: Counted }) =>
      `A torrent has ${count.of("tracker", "trackers")} at most.`,
    "too-many-labels": ({ count }: { count: Counted }) =>
      `A torrent has ${count.of("label", "labels")} at most, none of them long.`,
    "text-too-long": ({ count }: { count: Counted }) =>
      `This is longer than ${count.of("character", "characters")}.`,
    "out-of-range": ({ least, most }: { least: Counted; most: Counted }) =>
      `A number is not from ${least} to ${most}.`,
    "list-unreachable": ({ name }: { name: string }) => `The list at ${name} cannot be fetched.`,
    "list-none": ({ name }: { name: string }) => `What is at ${name} is no list of addresses.`,
    "list-empty": ({ name }: { name: string }) => `The list at ${name} is empty.`,
    "list-packed": ({ name }: { name: string }) => `The list at ${name} is a zip file: use gzip.`,
    "list-large": ({ name }: { name: string }) => `The list at ${name} is too large.`,
    "bad-torrent": "This is no torrent file, or a damaged one.",
    "bad-link": "This magnet link names no torrent.",
    "unknown-link": "Give a magnet link, an http or https address, or an info hash.",
    "no-link": "Give a link or a file first.",
    "port-unknown": "Not known: nobody from outside has connected so far.",
    "fetch-missing": "There is no torrent at this address.",
    "fetch-forbidden": "The server does not give it to us.",
    "fetch-busy": "The server is busy: try again later.",
    "fetch-trouble": "The server is in trouble: try again later.",
    "fetch-answers-badly": "The server gives no proper answer.",
    "fetch-too-large": "What the server sends is too large for a torrent file.",
    "fetch-refused": "This address is a local one, which may not be asked for others.",
    "fetch-redirects": "The server leads from one address to the next.",
    "fetch-unknown-host": "There is no server of this name.",
    "fetch-unreachable": "The server cannot be reached.",
    "fetch-silent": "The server does not answer in time.",
    "storage-disk-full": "The disk is full.",
    "storage-permission": ({ path }: { path: string }) => `The manager may not touch ${path}.`,
    "storage-exists": ({ path }: { path: string }) => `${path} is there already.`,
    "storage-not-a-folder": ({ path }: { path: string }) =>
      `A file is where a folder should be, on the way to ${path}.`,
    "storage-link": ({ path }: { path: string }) => `${path} is a link, which is not followed.`,
    "storage-locked": ({ path }: { path: string }) => `Another program has ${path}.`,
    "storage-missing": ({ path }: { path: string }) => `${path} is not there.`,
    "storage-other": ({ path }: { path: string }) => `The disk cannot use ${path}.`,
    "http-401": "The manager wants the password.",
    "http-403": "The manager may not be called from here.",
    "http-408": "It took too long to send.",
    "http-413": "This is too large to be sent.",
    "http-421": "The manager does not go by this name.",
    "http-429": "Too many wrong passwords: wait a minute.",
    "http-503": "The manager is busy: try again.",
    "unreachable": "The manager cannot be reached.",
    "late": "The manager did not answer in time.",
  },

  // what was looked at for problems
  subjects: {
    folder: "Folder",
    permissions: "Permissions",
    space: "Space",
    disk: "Disk",
    port: "Port",
    mapping: "Router",
    trackers: "Trackers",
    dht: "DHT",
    clock: "Clock",
    limits: "Limits",
    filter: "Address list",
    torrents: "Torrents",
  },
  conditions: { ok: "fine", warning: "worth a look", bad: "does not work" },
  findings: {
    "folder-unusable": ({ path }: { path: string }): Advised => [
      `The download folder ${path} cannot be used.`,
      "See whether its disk is there.",
    ],
    "files-made": ({ path }: { path: string }): Advised => [`Files can be made in ${path}.`, ""],
    "files-refused": ({ path, count }: { path: string; count: Counted }): Advised => [
      `No file can be made in ${count.of("folder", "folders")}, as in ${path}.`,
      "Give the folder to the user that the manager runs as.",
    ],
    "space-unknown": ["The system does not tell how much is free.", ""] as Advised,
    "space-enough": (values: Room): Advised => [room(values), ""],
    "space-short": ({ lackingBytes, ...values }: Room & { lackingBytes: string }): Advised => [
      room(values),
      `Make room: ${lackingBytes} more are needed.`,
    ],
    "disk-unwritable": [
      "The disk cannot be written.",
      "See whether it is mounted read-only, and whose the folder .tm is.",
    ] as Advised,
    "disk-corrupts": [
      "The disk gives back something else than what was written.",
      "It or its connection is failing: check it, then check the data of the torrents.",
    ] as Advised,
    "disk-full": ["The disk is too full to be measured.", "Make room."] as Advised,
    "disk-fast": (values: Speed): Advised => [speed(values), ""],
    "disk-slow": (values: Speed): Advised => [speed(values), "See what else uses it."],
    "port-proxied": ({ name }: { name: string }): Advised => [
      `Everything goes through ${name}, so nobody can connect to us.`,
      "",
    ],
    "port-none": [
      "Nobody can connect to us: we take no connections.",
      "Start the manager without --no-listen.",
    ] as Advised,
    "port-open": ({ port, count }: { port: string; count: Counted }): Advised => [
      `Port ${port} is open: ${count.of("peer", "peers")} came from outside.`,
      "",
    ],
    "port-unknown": ({ port }: { port: string }): Advised => [
      `It is not known whether port ${port} is open: nobody came from outside so far.`,
      `It may be too early to tell; else ${CLOSED}, for TCP and UDP.`,
    ],
    "mapping-asking": [
      "The router is being asked to open our port.",
      "Look again soon.",
    ] as Advised,
    "mapping-failed": ({ port }: { port: string }): Advised => [
      "No router opens our port.",
      `Open TCP and UDP port ${port} there, or start the manager with --map-port=ADDRESS.`,
    ],
    "mapping-half": (
      { open, shut, ...values }: Router & { open: string; shut: string },
    ): Advised => [
      `${router(values)} opens ${open} and not ${shut}.`,
      `Open ${shut} port ${values.port} there.`,
    ],
    "mapping-private": ({ host, ...values }: Router & { host: string }): Advised => [
      `${router(values)} opens port ${values.port}, but its own address ${host} is not public.`,
      "Another router is before it: open the port there, too.",
    ],
    "mapping-open": ({ host, ...values }: Router & { host: string | null }): Advised => [
      `${router(values)} opens port ${values.port}${host === null ? "" : ` at ${host}`}.`,
      "",
    ],
    "trackers-unasked": ["No tracker was asked so far.", ""] as Advised,
    "trackers-answer": ({ count }: { count: Counted }): Advised => [
      `${count.of("tracker answers", "trackers answer")}, none fails.`,
      "",
    ],
    "trackers-fail": (values: Failing): Advised => [
      failing(values),
      "The details of the torrents tell which have them.",
    ],
    "trackers-all-fail": (values: Failing): Advised => [
      failing(values),
      "See whether this machine is online.",
    ],
    "dht-off": ["The DHT is switched off.", ""] as Advised,
    "dht-alone": [
      "No node of the DHT answers.",
      "It begins with the first torrent that is not private. Let UDP out of the firewall.",
    ] as Advised,
    "dht-answers": ({ count }: { count: Counted }): Advised => [
      `${count.of("node", "nodes")} of the DHT answer.`,
      "",
    ],
    "clock-set": ["The clock is set.", ""] as Advised,
    "clock-unset": ({ year }: { year: string }): Advised => [
      `The clock says ${year}.`,
      "Set it: certificates are refused, and budgets count by its days.",
    ],
    "clock-back": ({ seconds }: { seconds: string }): Advised => [
      `The clock was set back by ${seconds}.`,
      "See whether it is right: budgets count by its days.",
    ],
    "budget-used": [
      "The budget is used up: nothing is downloaded.",
      "Raise it; one of a day or month begins anew by itself.",
    ] as Advised,
    "limits": (
      { downRate, upRate, alternative, leftBytes }: {
        downRate: string;
        upRate: string;
        alternative: boolean;
        leftBytes: string | null;
      },
    ): Advised => [
      `Download ${downRate || "without limit"}, upload ${upRate || "without limit"}` +
      `${alternative ? ", in slow mode" : ""}${
        leftBytes === null ? "" : `; ${leftBytes} of the budget are left`
      }.`,
      "",
    ],
    "filter-on": ({ count }: { count: Counted }): Advised => [
      `${count.of("range is", "ranges are")} kept away.`,
      "",
    ],
    "filter-empty": [
      "The address list is switched on and has nothing in it.",
      "Give its web address, and fetch it.",
    ] as Advised,
    "torrents-well": ({ count }: { count: Counted }): Advised => [
      `${count.of("torrent", "torrents")}, none in trouble.`,
      "",
    ],
    "torrents-troubled": (
      { count, total, name }: { count: Counted; total: Counted; name: string },
    ): Advised => [
      `${count} of ${total.of("torrent", "torrents")} cannot go on, as ${name}.`,
      "Mend what its details tell, then resume it.",
    ],
  },
};

/** Trackers that fail, of all, and the first of them. */
export interface Failing {
  readonly count: Counted;
  readonly total: Counted;
  readonly name: string;
  readonly fault: string;
}

function failing({ count, total, name, fault }: Failing): string {
  return `${count} of ${total.of("tracker", "trackers")} ${
    count.either("fails", "fail")
  }. ${name}: ` +
    TRACKER_FAULTS[fault as keyof typeof TRACKER_FAULTS];
}
