import { endpointScope, formatSize } from "../base/mod.ts";
import type { Mapped } from "../net/mod.ts";
import type { Finding } from "./api.ts";
import type { Entry } from "./entry.ts";
import { alternative, sessionLimits } from "./limits.ts";
import type { ManagedDisk } from "./parts.ts";
import type { ManagedSession } from "./runner.ts";
import type { SessionSettings } from "./settings.ts";
import { examineDisk } from "./examine_disk.ts";
import { bad, ok, warning } from "./finding.ts";

/** What there is to examine. */
export interface Patient {
  readonly folder: string;
  readonly settings: SessionSettings;
  readonly session: ManagedSession;
  readonly disk: ManagedDisk;
  readonly entries: readonly Entry[];
  readonly clock: { date(): Date };
  /** Milliseconds by which the clock on the wall was set back since the start. */
  readonly setBack: number;
  /** Rules of the address filter. */
  readonly filterRules: number;
  /** Bytes that the transfer budget leaves. */
  readonly left: number;
}

/** A clock before this was never set. */
const OLDEST_YEAR = 2024;
/** Set back by more than this, and somebody should know. */
const MOST_SET_BACK_MS = 60_000;

/** Looks at everything a manager depends on, and says what does not work and what to do. Takes some seconds. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  return [
    ...await examineDisk(patient),
    port(patient),
    ...mapping(patient),
    trackers(patient),
    dht(patient),
    clock(patient),
    limits(patient),
    ...filter(patient),
    troubles(patient),
  ];
}

function port({ session }: Patient): Finding {
  const { port, proxy, arrivals: { outside, near } } = session.control.totals();
  if (proxy !== null) {
    return ok("port", `everything goes through ${proxy}, so nobody can connect to us`);
  }
  if (port === null) {
    const text = "nobody can connect to us: we take no connections";
    return warning("port", text, "start without --no-listen");
  }
  if (outside > 0) {
    return ok("port", `port ${port} is open: ${count(outside, "peer")} came from outside`);
  }
  const so = near > 0 ? `only ${count(near, "peer")} near us came` : "nobody came";
  const advice = `it may be too early to tell; open TCP and UDP port ${port} in the firewall and ` +
    "the router";
  return warning("port", `not known whether port ${port} is open: so far ${so}`, advice);
}

function mapping({ session }: Patient): Finding[] {
  const { mapping: status, port } = session.control.totals();
  if (status === null || port === null) return [];
  switch (status.phase) {
    case "asking":
      return [warning("mapping", "the router is being asked to open our port", "ask again soon")];
    case "failed": {
      const advice =
        `name the router with --map-port=ADDRESS, or open TCP and UDP port ${port} there`;
      return [warning("mapping", `no router opens our port: ${status.message}`, advice)];
    }
    case "mapped":
      return [mapped(status, port)];
  }
}

function mapped({ protocol, gateway, host, ports: { tcp, udp } }: Mapped, port: number): Finding {
  const by = `router ${gateway} (${protocol})`;
  if (tcp === undefined || udp === undefined) {
    const [open, shut] = tcp === undefined ? ["UDP", "TCP"] : ["TCP", "UDP"];
    return warning(
      "mapping",
      `${by} opens ${open} and not ${shut}`,
      `open ${shut} port ${port} there`,
    );
  }
  const isPublic = host === null || endpointScope({ host, port: tcp }) === "public";
  if (!isPublic) {
    const text = `${by} opens port ${tcp}, but its own address ${host} is not public`;
    return warning("mapping", text, "another router is before it: open the port there too");
  }
  return ok("mapping", `${by} opens port ${tcp}${host === null ? "" : ` at ${host}`}`);
}

function trackers({ entries, session: { control } }: Patient): Finding {
  const phases = new Map<string, { ok: boolean; message: string | null }>();
  for (const { hash } of entries) {
    for (const { url, state } of control.trackers(hash)) {
      if (state.phase !== "ok" && state.phase !== "failed") continue;
      const before = phases.get(url);
      const message = state.phase === "failed" ? state.message : null;
      phases.set(url, { ok: before?.ok || state.phase === "ok", message });
    }
  }
  const failing = [...phases].filter(([, { ok }]) => !ok);
  const works = phases.size - failing.length;
  const [first] = failing;
  if (phases.size === 0) return ok("trackers", "no tracker was asked so far");
  if (first === undefined) return ok("trackers", `${count(works, "tracker")} answer, none fails`);
  const [url, { message }] = first;
  const host = URL.parse(url)?.host || url;
  const text = `${failing.length} of ${count(phases.size, "tracker")} fail; ${host}: ${message}`;
  const advice = works === 0
    ? "look whether this machine is online; tm trackers ID tells more"
    : "tm trackers ID tells which torrents have them";
  return (works === 0 ? bad : warning)("trackers", text, advice);
}

function dht({ session, settings }: Patient): Finding {
  const { dht, dhtNodes } = session.control.totals();
  if (!settings.dht || !dht) return ok("dht", "the DHT is switched off");
  if (dhtNodes > 0) return ok("dht", `${count(dhtNodes, "node")} of the DHT answer`);
  const advice = "it begins with the first torrent that is not private; let UDP out of the " +
    "firewall, or name a node with --dht-node";
  return warning("dht", "no node of the DHT answers", advice);
}

function clock({ clock, setBack }: Patient): Finding {
  const year = clock.date().getFullYear();
  if (year < OLDEST_YEAR) {
    const advice = "set it: certificates are refused, and budgets count by its days";
    return bad("clock", `the clock says ${year}`, advice);
  }
  if (setBack <= MOST_SET_BACK_MS) return ok("clock", "the clock is set");
  const text = `the clock was set back by ${Math.round(setBack / 60_000)} minutes`;
  return warning("clock", text, "look whether it is right: budgets count by its days");
}

function limits({ settings, clock, left }: Patient): Finding {
  const { downloadLimit, uploadLimit } = sessionLimits(settings, clock.date(), left);
  if (left <= 0) {
    const advice = "tm limit raises it; one of a day or month begins anew by itself";
    return warning("limits", "the transfer budget is used up: nothing is downloaded", advice);
  }
  const speed = (limit: number) => limit === 0 ? "no limit" : `${formatSize(limit)}/s`;
  const which = alternative(settings, clock.date()) ? ", the alternative limits" : "";
  const budget = left === Infinity ? "" : `; ${formatSize(left)} of the transfer budget are left`;
  return ok("limits", `down ${speed(downloadLimit)}, up ${speed(uploadLimit)}${which}${budget}`);
}

function filter({ settings, filterRules }: Patient): Finding[] {
  if (!settings.filterEnabled) return [];
  if (filterRules > 0) return [ok("filter", `${count(filterRules, "range")} are kept away`)];
  const advice = "set ip-filter-url and fetch it: tm session --update-filter";
  return [warning("filter", "the address filter is on and has no list", advice)];
}

function troubles({ entries }: Patient): Finding {
  const failing = entries.filter(({ record }) => record.trouble !== null);
  const [first] = failing;
  if (first === undefined) {
    return ok("torrents", `${count(entries.length, "torrent")}, none in trouble`);
  }
  const { name, trouble } = first.record;
  const text = `${failing.length} of ${count(entries.length, "torrent")} cannot go on; ${name}: ` +
    `${trouble?.message}`;
  return bad("torrents", text, "mend that, then tm resume ID");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
