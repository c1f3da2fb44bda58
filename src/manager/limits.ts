import type { Limits } from "../session/mod.ts";
import { scheduled, weekTime } from "./schedule.ts";
import type { SessionSettings, TorrentSettings } from "./settings.ts";

/** A limit of nothing would be none at all. */
const LEAST = 1;

/** True when alternative limits hold: by hand, or by the schedule, which then is in charge. */
export function alternative(settings: SessionSettings, date: Date): boolean {
  return settings.schedule.enabled
    ? scheduled(settings.schedule, weekTime(date))
    : settings.altEnabled;
}

/**
 * The limits of all torrents together. `left`: bytes of the transfer budget, and `rate` at which it goes: close to its
 * end downloads slow down, so that they end with it and not a second later.
 */
export function limitsNow(
  settings: SessionSettings,
  date: Date,
  left = Infinity,
  rate = 0,
): Limits {
  const alt = alternative(settings, date);
  const down = alt
    ? Math.max(LEAST, settings.altDownloadLimit)
    : settings.downloadLimited
    ? Math.max(LEAST, settings.downloadLimit)
    : 0;
  const up = alt
    ? Math.max(LEAST, settings.altUploadLimit)
    : settings.uploadLimited
    ? Math.max(LEAST, settings.uploadLimit)
    : 0;
  if (left > 4 * Math.max(rate, down)) return { downloadLimit: down, uploadLimit: up };
  const slow = Math.max(16 * 1024, Math.floor(left / 4));
  return { downloadLimit: down === 0 ? slow : Math.min(down, slow), uploadLimit: up };
}

/** The limits of one torrent; those of all together hold besides. */
export function ownLimits(settings: TorrentSettings): Limits {
  const { downloadLimited, downloadLimit, uploadLimited, uploadLimit } = settings;
  return {
    downloadLimit: downloadLimited ? Math.max(LEAST, downloadLimit) : 0,
    uploadLimit: uploadLimited ? Math.max(LEAST, uploadLimit) : 0,
  };
}
