/** What the page shows of `session-get`. Limits are thousands of bytes a second; budgets and the reserve bytes. */
export interface SessionFacts {
  readonly "alt-speed-down": number;
  readonly "alt-speed-up": number;
  readonly "alt-speed-time-begin": number;
  readonly "alt-speed-time-day": number;
  readonly "alt-speed-time-enabled": boolean;
  readonly "alt-speed-time-end": number;
  readonly "blocklist-enabled": boolean;
  readonly "blocklist-url": string;
  readonly "dht-enabled": boolean;
  readonly "download-dir": string;
  readonly "download-queue-enabled": boolean;
  readonly "download-queue-size": number;
  readonly "idle-seeding-limit": number;
  readonly "idle-seeding-limit-enabled": boolean;
  readonly "lpd-enabled": boolean;
  readonly "max-day": number;
  readonly "max-month": number;
  readonly "peer-limit-global": number;
  readonly "peer-limit-per-torrent": number;
  readonly "pex-enabled": boolean;
  readonly "queue-stalled-enabled": boolean;
  readonly "queue-stalled-minutes": number;
  readonly "reserve": number;
  readonly "seed-queue-enabled": boolean;
  readonly "seed-queue-size": number;
  readonly "seedRatioLimit": number;
  readonly "seedRatioLimited": boolean;
  readonly "speed-limit-down": number;
  readonly "speed-limit-down-enabled": boolean;
  readonly "speed-limit-up": number;
  readonly "speed-limit-up-enabled": boolean;
  readonly "start-added-torrents": boolean;
  readonly "version": string;
}
