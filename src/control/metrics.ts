/** `/metrics`: figures for Prometheus. */
import type { ManagerApi, ManagerStats, SessionView } from "../manager/mod.ts";
import { type Family, inOpenMetrics, inPrometheusText } from "./exposition.ts";
import { COMMON } from "./responses.ts";

const OPEN_METRICS = "application/openmetrics-text";

/** All figures, in OpenMetrics 1.0 for who accepts it, else in the text format that came before it. */
export async function metricsResponse(
  request: Request,
  manager: ManagerApi,
  version: string,
): Promise<Response> {
  const [stats, session] = await Promise.all([manager.stats(), manager.session()]);
  const families = metricFamilies(stats, session, version);
  const isOpen = request.headers.get("accept")?.includes(OPEN_METRICS) === true;
  const type = isOpen ? `${OPEN_METRICS}; version=1.0.0` : "text/plain; version=0.0.4";
  const text = isOpen ? inOpenMetrics(families) : inPrometheusText(families);
  return new Response(text, { headers: { ...COMMON, "content-type": `${type}; charset=utf-8` } });
}

/** The figures of a moment. Counters are of all runs together, so that a restart is no reset. */
export function metricFamilies(
  stats: ManagerStats,
  session: SessionView,
  version: string,
): Family[] {
  const { total } = stats;
  return [
    info("tm", "This program", { version }),
    gauge("tm_torrents", "Torrents by what they do", "activity", stats.activities),
    gauge("tm_torrents_active", "Torrents that move data", stats.active),
    gauge("tm_torrents_paused", "Torrents that are stopped", stats.paused),
    gauge("tm_peers", "Peers connected", stats.peers),
    gauge("tm_dht_nodes", "Nodes of the DHT known", stats.dhtNodes),
    counter("tm_downloaded_bytes", "Payload from peers and web servers", total.downloaded, "bytes"),
    counter("tm_uploaded_bytes", "Payload to peers", total.uploaded, "bytes"),
    gauge("tm_download_bytes_per_second", "Payload of late", stats.downRate),
    gauge("tm_upload_bytes_per_second", "Payload of late", stats.upRate),
    gauge("tm_disk_queue_bytes", "On the way to the disk", stats.diskQueue, "bytes"),
    ...(session.free === null
      ? []
      : [gauge("tm_disk_free_bytes", "Free in the download folder", session.free, "bytes")]),
    counter("tm_sessions", "Times the manager was started", total.sessions),
    counter("tm_active_seconds", "Time the manager has run", total.active, "seconds"),
    counter("tm_torrents_added", "Torrents added", total.filesAdded),
    gauge("tm_filter_rules", "Rules of the address filter", session.filterRules),
    gauge("tm_alternative_limits", "1 while the alternative limits hold", session.alternative),
  ];
}

function info(name: string, help: string, labels: Readonly<Record<string, string>>): Family {
  return { name, help, type: "info", unit: "", samples: [{ labels, value: 1 }] };
}

function counter(name: string, help: string, value: number, unit: Family["unit"] = ""): Family {
  return { name, help, type: "counter", unit, samples: [{ labels: {}, value }] };
}

function gauge(name: string, help: string, value: number | boolean, unit?: Family["unit"]): Family;
function gauge(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): Family;
function gauge(
  name: string,
  help: string,
  value: number | boolean | string,
  rest: Family["unit"] | Readonly<Record<string, number>> = "",
): Family {
  const family = { name, help, type: "gauge" } as const;
  if (typeof rest !== "object") {
    return { ...family, unit: rest, samples: [{ labels: {}, value: Number(value) }] };
  }
  const label = String(value);
  return {
    ...family,
    unit: "",
    samples: Object.entries(rest).map(([key, value]) => ({ labels: { [label]: key }, value })),
  };
}
