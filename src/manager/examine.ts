import { formatSize } from "./format_size.ts";
import type { Finding } from "./api.ts";
import type { Entry } from "./entry.ts";
import type { ManagedDisk } from "./parts.ts";
import type { ManagedSession } from "./runner.ts";
import type { SessionSettings } from "./settings.ts";

/** What there is to examine. */
export interface Patient {
  readonly folder: string;
  readonly settings: SessionSettings;
  readonly session: ManagedSession;
  readonly disk: ManagedDisk;
  readonly entries: readonly Entry[];
  readonly clock: { date(): Date };
}

/** A clock before this was never set. */
const OLDEST_YEAR = 2024;

/** Looks at everything a manager depends on, and says what does not work and what to do. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  return [
    await space(patient),
    port(patient),
    dht(patient),
    trackers(patient),
    troubles(patient),
    clock(patient),
  ].filter((finding) => finding !== null);
}

async function space({ disk, settings, folder, entries }: Patient): Promise<Finding> {
  const subject = "space";
  let free: number | null;
  try {
    free = await disk.freeSpace();
  } catch (error) {
    const text = `The download folder ${folder} cannot be used: ${String(error)}`;
    return { subject: "folder", state: "bad", text, advice: "Look whether its disk is there" };
  }
  if (free === null) {
    const text = "The system does not tell how much space is free";
    return { subject, state: "warning", text, advice: "" };
  }
  const missing = entries.reduce((sum, { record: { wanted, done } }) => sum + wanted - done, 0);
  const room = free - settings.reserve;
  const text = `${formatSize(free)} free, ${formatSize(missing)} still to be downloaded`;
  if (room >= missing) return { subject, state: "ok", text, advice: "" };
  const advice = `Make room: ${formatSize(missing - room)} are missing, ` +
    `${formatSize(settings.reserve)} are kept free`;
  return { subject, state: room <= 0 ? "bad" : "warning", text, advice };
}

function port({ session, entries }: Patient): Finding {
  const subject = "port";
  const { port } = session.control.totals();
  if (port === null) {
    const text = "Nobody can connect to us: we do not listen";
    return { subject, state: "warning", text, advice: "Start without --no-listen" };
  }
  const incoming = entries.reduce(
    (sum, { snapshot }) => sum + (snapshot?.origins.incoming ?? 0),
    0,
  );
  if (incoming > 0) {
    const text = `Port ${port} is open: ${incoming} peers came to us`;
    return { subject, state: "ok", text, advice: "" };
  }
  return {
    subject,
    state: "warning",
    text: `Nobody from outside is connected to our port ${port}`,
    advice: `Open TCP and UDP port ${port} in the firewall and the router`,
  };
}

function dht({ session, settings }: Patient): Finding {
  const subject = "dht";
  const { dhtNodes } = session.control.totals();
  if (!settings.dht) return { subject, state: "ok", text: "The DHT is switched off", advice: "" };
  if (dhtNodes > 0) {
    return { subject, state: "ok", text: `The DHT knows ${dhtNodes} nodes`, advice: "" };
  }
  return {
    subject,
    state: "warning",
    text: "The DHT knows nobody",
    advice: "Let UDP out, or name a node with --dht-node",
  };
}

function trackers({ entries }: Patient): Finding {
  const subject = "trackers";
  const failing = entries.filter(({ tracker }) => tracker !== null && !tracker.ok);
  if (failing.length === 0) {
    return { subject, state: "ok", text: "No tracker fails", advice: "" };
  }
  const [{ record, tracker }] = failing as [Entry];
  const text = `The trackers of ${failing.length} torrents fail; ${record.name}: ${
    tracker!.message
  }`;
  return { subject, state: "warning", text, advice: "tm trackers ID tells which" };
}

function troubles({ entries }: Patient): Finding {
  const subject = "disk";
  const failing = entries.filter(({ record }) => record.trouble !== null);
  if (failing.length === 0) {
    return { subject, state: "ok", text: "No torrent is held up by the disk", advice: "" };
  }
  const { name, trouble } = failing[0]!.record;
  const text = `${failing.length} torrents cannot go on; ${name}: ${trouble!.message}`;
  return { subject, state: "bad", text, advice: "Mend that, then tm resume ID" };
}

function clock({ clock }: Patient): Finding {
  const subject = "clock";
  const year = clock.date().getFullYear();
  if (year >= OLDEST_YEAR) return { subject, state: "ok", text: "The clock is set", advice: "" };
  const text = `The clock says ${year}`;
  return { subject, state: "bad", text, advice: "Set it: certificates of trackers are refused" };
}
