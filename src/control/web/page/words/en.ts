/** Every word of the page in English, which also says which words there are. */
import type { Counted } from "../counted.ts";
import { ENTRY_EN } from "./en_entry.ts";
import { SAID_EN } from "./en_said.ts";
import { SESSION_EN } from "./en_session.ts";

/** The words of the page. A function where there is something to put in. */
export const EN = {
  language: "en",
  /** The language as these words write it, for its plurals. */
  grammar: "en",
  /** What the language calls itself. */
  languageName: "English",
  title: "TorrentManager",
  skip: "Skip to the list",
  /** Put into the page as it is built: without scripts no language is chosen. */
  noScript: "This page needs JavaScript. Without it there are: tm list, tm add, tm help.",

  // connection
  connecting: "Connecting …",
  ...ENTRY_EN,
  restored: "The connection is back.",
  completed: (name: string) => `Complete: ${name}`,
  completedMany: (count: Counted) => `${count.of("torrent is", "torrents are")} complete.`,
  failed: "That did not work:",
  ...SAID_EN,

  // what can be done
  add: "Add",
  resume: "Resume",
  resumeNow: "Resume now, past the queue",
  pause: "Pause",
  remove: "Remove …",
  more: "More",
  verify: "Check the data on disk",
  reannounce: "Ask for more peers",
  queueTop: "To the top of the queue",
  queueUp: "Up in the queue",
  queueDown: "Down in the queue",
  queueBottom: "To the end of the queue",
  labelsOf: "Labels …",
  renameIt: "Rename …",
  move: "Move the data …",
  copyMagnet: "Copy the magnet link",
  copied: "The magnet link is copied.",
  settings: "Settings",
  close: "Close",
  dismiss: "Dismiss this message",
  cancel: "Cancel",
  save: "Save",
  saved: "Saved.",
  slow: "Slow mode",
  slowOn: "Slow mode is on",

  // the list
  torrents: "Torrents",
  search: "Search names and labels",
  filter: "Show",
  sortBy: "Sort by",
  ascending: "Smallest first",
  descending: "Largest first",
  all: "All",
  active: "Active",
  downloading: "Downloading",
  seeding: "Seeding",
  stopped: "Stopped",
  troubled: "With a problem",
  label: (label: string) => `Label ${label}`,
  count: (shown: Counted, all: Counted) =>
    `${shown.value === all.value ? "" : `${shown} of `}${all.of("torrent", "torrents")}`,
  selected: (count: Counted) => `${count} selected`,
  nothingFound: "No torrent fits this filter and search.",
  choose: "Choose",
  showAll: "Show all",
  columns: {
    name: "Name",
    state: "State",
    progress: "Progress",
    down: "Download",
    up: "Upload",
    eta: "Left",
    peers: "Peers",
    ratio: "Ratio",
    size: "Size",
    added: "Added",
    place: "Queue",
  },

  // what a torrent does
  states: {
    "stopped": "Stopped",
    "check-wait": "Waiting to be checked",
    "checking": "Checking",
    "download-wait": "Waiting in the queue",
    "downloading": "Downloading",
    "seed-wait": "Waiting to seed",
    "seeding": "Seeding",
    "nameless": "Fetching its metadata",
    "finished": "Finished",
    "unchosen": "Choose files",
    "stalled": "Stalled",
    "broken": "Error",
  },

  // nothing there yet
  emptyTitle: "Nothing here yet",
  emptyText: "Drop a torrent file on this page, or paste a magnet link with Ctrl-V.",
  emptyWhere: (folder: string) => `Downloads go to ${folder}, and nothing else is ever touched.`,

  // add
  addTitle: "Add torrents",
  addLink: "Magnet link, web address or info hash; one a line",
  addFiles: "Torrent files",
  addDrop: "… or drop them anywhere on the page",
  addLocation: "Folder",
  addLocationHint: "In the download folder; made when it is not there",
  addPaused: "Do not start yet",
  addChoose: "Choose files first",
  addChooseHint: "Fetches no more than the list of its files before",
  addNothing: "Give a link or a file first.",
  addUnknown: (line: string) => `This is no magnet link, web address or info hash: ${line}`,
  addLarge: (name: string) => `${name} is larger than 24 MiB: give its web address instead.`,
  added: (name: string) => `Added: ${name}`,
  addedMany: (fresh: Counted, known: Counted) =>
    `Added: ${fresh}${known.value === 0 ? "" : `; there already: ${known}`}`,
  duplicate: (name: string) => `It was there already: ${name}`,

  // choose files before it starts
  choosing: {
    title: "Choose files",
    go: "Download",
    goPaused: "Add",
    cancel: "Do not add",
    later: "Later",
    waits: (name: string) => `It waits for your choice of files: ${name}`,
    all: "Choose all",
    none: "Choose none",
    wait: (peers: Counted) => `Fetching the list of its files … (${peers.of("peer", "peers")})`,
    sum: (count: Counted, all: Counted, size: string) =>
      `${count} of ${all.of("file", "files")}: ${size}.`,
  },

  // rename
  rename: {
    title: "Rename",
    name: "New name",
    hint: "On the disk too; what others call it stays",
    go: "Rename",
    of: (name: string) => `Rename ${name}`,
  },

  // remove
  removeTitle: (count: Counted) => `Remove ${count.either("this torrent", `${count} torrents`)}?`,
  removeKeeps: "Only the list changes; the files stay on the disk.",
  removeData: "Delete the files too",
  removeDeletes: (size: string) => `Up to ${size} of files are deleted for good.`,
  removeMore: (count: Counted) => `and ${count} more`,
  removeGo: "Remove",
  removeGoData: "Remove and delete files",

  // move
  moveTitle: "Move the data",
  moveTo: "New folder",
  moveGo: "Move",
  moveThere: "The data is there already",
  moveThereHint: "Nothing is moved; it is looked for there",
  moveLook: "Look there",

  // labels and trackers
  labels: {
    title: (count: Counted) => count.either("Labels", `Labels of ${count} torrents`),
    more: "New labels",
    hint: "With commas between",
  },
  trackers: {
    title: "Trackers",
    edit: "Edit the trackers …",
    list: "Addresses, one a line",
    hint: "An empty line begins a tier that is asked when those before do not answer",
  },

  // details
  details: "Details",
  tabs: {
    overview: "Overview",
    files: "Files",
    peers: "Peers",
    trackers: "Trackers",
    options: "Options",
  },
  loading: "Loading …",
  gone: "This torrent is no longer there.",
  facts: {
    state: "State",
    why: "Why it waits",
    progress: "Progress",
    left: "Time left",
    size: "Size",
    downloaded: "Downloaded",
    uploaded: "Uploaded",
    ratio: "Ratio",
    corrupt: "Failed its check",
    location: "Folder",
    added: "Added",
    done: "Completed",
    pieces: "Pieces",
    hash: "Info hash",
    private: "Private",
    comment: "Comment",
    creator: "Made with",
    created: "Made",
  },
  yes: "yes",
  no: "no",
  never: "never",
  pieceMap: (have: string) => `Map of the pieces: ${have} are here`,
  rates: { down: "Download", up: "Upload", time: "Time" },
  graph: (down: string, up: string) => `Rates of ten minutes: now ${down} down, ${up} up`,
  noFiles: "The files are known when the metadata is here.",
  noPeers: "No peer is connected.",
  noTrackers: "It has no tracker; peers come from the DHT and from other peers.",
  file: {
    name: "File",
    size: "Size",
    done: "Here",
    priority: "Priority",
    wanted: (name: string) => `Download ${name}`,
    open: (name: string) => `Open or close ${name}`,
    search: "Search the files",
    nothing: "No file fits this search.",
  },
  priorities: { low: "Low", normal: "Normal", high: "High", mixed: "Mixed" },
  peer: {
    address: "Address",
    client: "Program",
    flags: "Flags",
    progress: "Has",
    down: "Download",
    up: "Upload",
  },
  flagsTitle: "What the flags mean",
  flags: {
    "?": "it may get from us and wants nothing",
    "D": "we get from it",
    "E": "encrypted",
    "H": "found by the DHT",
    "I": "it has called us",
    "K": "we may get from it and want nothing",
    "O": "tried for a while",
    "T": "by uTP",
    "U": "it gets from us",
    "X": "told by another peer",
    "d": "we want from it, and may not or wait",
    "u": "it wants from us, and may not or waits",
  },
  tracker: {
    url: "Address",
    result: "Last answer",
    seeders: "Seeds",
    leechers: "Others",
    last: "Last asked",
    next: "Next",
  },
  option: {
    downloadLimit: "Download limit, kB/s",
    uploadLimit: "Upload limit, kB/s",
    session: "Keep to the limits of the session too",
    peers: "Peers at most",
    labels: "Labels, with commas between",
    sequential: "Download in order",
    firstLast: "First and last pieces of each file first",
    bandwidth: "Its part where limits are shared",
    place: "Place in the queue",
    maxTotal: "Download at most, MB (0: no end)",
    ratio: "Seed to the ratio",
    idle: "Seed until idle for, minutes",
    time: "Seed for, minutes",
    goal: "Its own",
    goalModes: { session: "As the session", own: "Its own", none: "Without end" },
  },

  ...SESSION_EN,

  // the bar at the foot
  free: (size: string) => `${size} free`,
  peersNow: (count: Counted) => count.of("peer", "peers"),
  dhtNodes: (count: Counted) => `DHT: ${count.of("node", "nodes")}`,
};

/** The words of a language. */
export type Words = typeof EN;
