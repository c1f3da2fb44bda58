import type { Limits, SessionLimits, TorrentLimits } from "../session/mod.ts";
import type { TorrentRecord } from "./record.ts";
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

/** What all torrents together may use at this time; `budget`: payload bytes that may still come. */
export function sessionLimits(
  settings: SessionSettings,
  date: Date,
  budget: number,
): SessionLimits {
  const { altDownloadLimit, altUploadLimit, peerLimitGlobal: peerLimit } = settings;
  const speeds: Limits = alternative(settings, date)
    ? {
      downloadLimit: Math.max(LEAST, altDownloadLimit),
      uploadLimit: Math.max(LEAST, altUploadLimit),
    }
    : ownSpeeds(settings);
  return { ...speeds, peerLimit, budget };
}

/** What a torrent may use. */
export function torrentLimits({ settings, downloaded }: TorrentRecord): TorrentLimits {
  const { peerLimit, bandwidth, honorsSession, maxTotal } = settings;
  const budget = maxTotal > 0 ? Math.max(0, maxTotal - downloaded) : Infinity;
  return { ...ownSpeeds(settings), peerLimit, bandwidth, honorsSession, budget };
}

function ownSpeeds(
  settings: Pick<
    SessionSettings,
    "downloadLimited" | "downloadLimit" | "uploadLimited" | "uploadLimit"
  >,
): Limits {
  const { downloadLimited, downloadLimit, uploadLimited, uploadLimit } = settings;
  return {
    downloadLimit: downloadLimited ? Math.max(LEAST, downloadLimit) : 0,
    uploadLimit: uploadLimited ? Math.max(LEAST, uploadLimit) : 0,
  };
}

/** The limits of one torrent; those of all together hold besides. */
export function ownLimits(settings: TorrentSettings): Limits {
  const { downloadLimited, downloadLimit, uploadLimited, uploadLimit } = settings;
  return {
    downloadLimit: downloadLimited ? Math.max(LEAST, downloadLimit) : 0,
    uploadLimit: uploadLimited ? Math.max(LEAST, uploadLimit) : 0,
  };
}
