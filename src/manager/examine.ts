import { endpointScope, formatSize, type TrackerFault } from "../base/mod.ts";
import type { Mapped } from "../net/mod.ts";
import type { Entry } from "./entry.ts";
import { alternative, sessionLimits } from "./limits.ts";
import type { ManagedDisk } from "./parts.ts";
import type { ManagedSession } from "./runner.ts";
import type { SessionSettings } from "./settings.ts";
import { examineDisk } from "./examine_disk.ts";
import { bad, type Finding, ok, warning } from "./finding.ts";

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
  const subject = "port";
  if (proxy !== null) {
    const text = `everything goes through ${proxy}, so nobody can connect to us`;
    return ok({ subject, code: "port-proxied", values: { name: proxy } }, text);
  }
  if (port === null) {
    const text = "nobody can connect to us: we take no connections";
    return warning({ subject, code: "port-none", values: {} }, text, "start without --no-listen");
  }
  if (outside > 0) {
    const text = `port ${port} is open: ${count(outside, "peer")} came from outside`;
    return ok({ subject, code: "port-open", values: { port, count: outside } }, text);
  }
  const so = near > 0 ? `only ${count(near, "peer")} near us came` : "nobody came";
  const advice = `it may be too early to tell; open TCP and UDP port ${port} in the firewall and ` +
    "the router";
  const text = `not known whether port ${port} is open: so far ${so}`;
  const unknown = { subject, code: "port-unknown", values: { port, count: near } } as const;
  return warning(unknown, text, advice);
}

function mapping({ session }: Patient): Finding[] {
  const { mapping: status, port } = session.control.totals();
  if (status === null || port === null) return [];
  const subject = "mapping";
  switch (status.phase) {
    case "asking":
      return [
        warning(
          { subject, code: "mapping-asking", values: {} },
          "the router is being asked to open our port",
          "ask again soon",
        ),
      ];
    case "failed": {
      const advice =
        `name the router with --map-port=ADDRESS, or open TCP and UDP port ${port} there`;
      const text = `no router opens our port: ${status.message}`;
      return [warning({ subject, code: "mapping-failed", values: { port } }, text, advice)];
    }
    case "mapped":
      return [mapped(status, port)];
  }
}

function mapped({ protocol, gateway, host, ports: { tcp, udp } }: Mapped, port: number): Finding {
  const subject = "mapping";
  const by = `router ${gateway} (${protocol})`;
  if (tcp === undefined || udp === undefined) {
    const [open, shut] = tcp === undefined ? ["UDP", "TCP"] as const : ["TCP", "UDP"] as const;
    const router = { name: gateway, protocol, port };
    return warning(
      { subject, code: "mapping-half", values: { ...router, open, shut } },
      `${by} opens ${open} and not ${shut}`,
      `open ${shut} port ${port} there`,
    );
  }
  const router = { name: gateway, protocol, port: tcp };
  if (host !== null && endpointScope({ host, port: tcp }) !== "public") {
    const text = `${by} opens port ${tcp}, but its own address ${host} is not public`;
    const advice = "another router is before it: open the port there too";
    return warning({ subject, code: "mapping-private", values: { ...router, host } }, text, advice);
  }
  const text = `${by} opens port ${tcp}${host === null ? "" : ` at ${host}`}`;
  return ok({ subject, code: "mapping-open", values: { ...router, host } }, text);
}

function trackers({ entries, session: { control } }: Patient): Finding {
  const subject = "trackers";
  const phases = new Map<string, { ok: boolean; message: string; fault: TrackerFault }>();
  for (const { hash } of entries) {
    for (const { url, state } of control.trackers(hash)) {
      if (state.phase !== "ok" && state.phase !== "failed") continue;
      const before = phases.get(url);
      const failure = state.phase === "failed" ? state : null;
      phases.set(url, {
        ok: before?.ok || failure === null,
        message: failure?.message ?? "",
        fault: failure?.fault ?? "unreachable",
      });
    }
  }
  const failing = [...phases].filter(([, { ok }]) => !ok);
  const works = phases.size - failing.length;
  const [first] = failing;
  if (phases.size === 0) {
    return ok({ subject, code: "trackers-unasked", values: {} }, "no tracker was asked so far");
  }
  if (first === undefined) {
    const text = `${count(works, "tracker")} answer, none fails`;
    return ok({ subject, code: "trackers-answer", values: { count: works } }, text);
  }
  const [url, { message, fault }] = first;
  const host = URL.parse(url)?.host || url;
  const text = `${failing.length} of ${count(phases.size, "tracker")} fail; ${host}: ${message}`;
  const advice = works === 0
    ? "look whether this machine is online; tm trackers ID tells more"
    : "tm trackers ID tells which torrents have them";
  const values = { count: failing.length, total: phases.size, name: host, fault };
  return works === 0
    ? bad({ subject, code: "trackers-all-fail", values }, text, advice)
    : warning({ subject, code: "trackers-fail", values }, text, advice);
}

function dht({ session, settings }: Patient): Finding {
  const { dht, dhtNodes } = session.control.totals();
  const subject = "dht";
  if (!settings.dht || !dht) {
    return ok({ subject, code: "dht-off", values: {} }, "the DHT is switched off");
  }
  if (dhtNodes > 0) {
    const text = `${count(dhtNodes, "node")} of the DHT answer`;
    return ok({ subject, code: "dht-answers", values: { count: dhtNodes } }, text);
  }
  const advice = "it begins with the first torrent that is not private; let UDP out of the " +
    "firewall, or name a node with --dht-node";
  return warning({ subject, code: "dht-alone", values: {} }, "no node of the DHT answers", advice);
}

function clock({ clock, setBack }: Patient): Finding {
  const subject = "clock";
  const year = clock.date().getFullYear();
  if (year < OLDEST_YEAR) {
    const advice = "set it: certificates are refused, and budgets count by its days";
    const values = { year: String(year) };
    return bad({ subject, code: "clock-unset", values }, `the clock says ${year}`, advice);
  }
  if (setBack <= MOST_SET_BACK_MS) {
    return ok({ subject, code: "clock-set", values: {} }, "the clock is set");
  }
  const text = `the clock was set back by ${Math.round(setBack / 60_000)} minutes`;
  const values = { seconds: Math.round(setBack / 60_000) * 60 };
  const advice = "look whether it is right: budgets count by its days";
  return warning({ subject, code: "clock-back", values }, text, advice);
}

function limits({ settings, clock, left }: Patient): Finding {
  const subject = "limits";
  const { downloadLimit, uploadLimit } = sessionLimits(settings, clock.date(), left);
  if (left <= 0) {
    const advice = "tm limit raises it; one of a day or month begins anew by itself";
    const text = "the transfer budget is used up: nothing is downloaded";
    return warning({ subject, code: "budget-used", values: {} }, text, advice);
  }
  const speed = (limit: number) => limit === 0 ? "no limit" : `${formatSize(limit)}/s`;
  const isAlternative = alternative(settings, clock.date());
  const which = isAlternative ? ", the alternative limits" : "";
  const budget = left === Infinity ? "" : `; ${formatSize(left)} of the transfer budget are left`;
  const values = {
    downRate: downloadLimit,
    upRate: uploadLimit,
    alternative: isAlternative,
    leftBytes: left === Infinity ? null : left,
  };
  const text = `down ${speed(downloadLimit)}, up ${speed(uploadLimit)}${which}${budget}`;
  return ok({ subject, code: "limits", values }, text);
}

function filter({ settings, filterRules }: Patient): Finding[] {
  if (!settings.filterEnabled) return [];
  const subject = "filter";
  if (filterRules > 0) {
    const text = `${count(filterRules, "range")} are kept away`;
    return [ok({ subject, code: "filter-on", values: { count: filterRules } }, text)];
  }
  const advice = "set ip-filter-url and fetch it: tm session --update-filter";
  const text = "the address filter is on and has no list";
  return [warning({ subject, code: "filter-empty", values: {} }, text, advice)];
}

function troubles({ entries }: Patient): Finding {
  const subject = "torrents";
  const failing = entries.flatMap(({ record: { name, trouble } }) =>
    trouble === null ? [] : [{ name, ...trouble }]
  );
  const total = entries.length;
  const [first] = failing;
  if (first === undefined) {
    const text = `${count(total, "torrent")}, none in trouble`;
    return ok({ subject, code: "torrents-well", values: { count: total } }, text);
  }
  const { name, reason, message } = first;
  const text = `${failing.length} of ${count(entries.length, "torrent")} cannot go on; ${name}: ` +
    message;
  const values = { count: failing.length, total, name, reason };
  return bad({ subject, code: "torrents-troubled", values }, text, "mend that, then tm resume ID");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
