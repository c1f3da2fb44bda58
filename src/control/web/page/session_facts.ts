/** What the page shows of `session-get`. Limits are thousands of bytes a second; budgets and the reserve bytes. */
export interface SessionFacts {
  readonly "alt-speed-down": number;
  readonly "alt-speed-up": number;
  readonly "alt-speed-time-begin": number;
  readonly "alt-speed-time-day": number;
  readonly "alt-speed-time-enabled": boolean;
  readonly "alt-speed-time-end": number;
  readonly "blocklist-enabled": boolean;
  readonly "blocklist-size": number;
  readonly "blocklist-url": string;
  readonly "dht-enabled": boolean;
  readonly "download-dir": string;
  readonly "download-queue-enabled": boolean;
  readonly "download-queue-size": number;
  readonly "idle-seeding-limit": number;
  readonly "idle-seeding-limit-enabled": boolean;
  /** What it was started without, by an option or because of its proxy; no setting brings it back. */
  readonly "lacks": readonly Lack[];
  readonly "lpd-enabled": boolean;
  readonly "max-day": number;
  readonly "max-month": number;
  readonly "max-total": number;
  readonly "peer-limit-global": number;
  readonly "peer-limit-per-torrent": number;
  readonly "pex-enabled": boolean;
  readonly "port-forwarding-enabled": boolean;
  readonly "queue-stalled-enabled": boolean;
  readonly "queue-stalled-minutes": number;
  readonly "reserve": number;
  readonly "seed-queue-enabled": boolean;
  readonly "seed-queue-size": number;
  readonly "seed-time-limit": number;
  readonly "seed-time-limit-enabled": boolean;
  readonly "seedRatioLimit": number;
  readonly "seedRatioLimited": boolean;
  readonly "speed-limit-down": number;
  readonly "speed-limit-down-enabled": boolean;
  readonly "speed-limit-up": number;
  readonly "speed-limit-up-enabled": boolean;
  readonly "start-added-torrents": boolean;
  readonly "utp-enabled": boolean;
  readonly "version": string;
}

/** What a manager may be started without. */
export type Lack = "dht" | "pex" | "lsd" | "portMapping" | "tcp" | "utp";

/** Switches of what it may lack. */
const SWITCHES = {
  "dht-enabled": "dht",
  "lpd-enabled": "lsd",
  "pex-enabled": "pex",
  "port-forwarding-enabled": "portMapping",
  "utp-enabled": "utp",
} as const satisfies { readonly [K in keyof SessionFacts]?: Lack };

/**
 * The option with which the manager was started that keeps a switch as it is; null: nothing does. A proxy keeps all to
 * itself that would go beside it, and asks no router for a port: that one is lacking tells of a proxy.
 */
export function optionThatHolds(
  lacks: readonly Lack[],
  key: keyof SessionFacts,
): { readonly option: string; readonly orProxy: boolean } | null {
  if (!Object.hasOwn(SWITCHES, key)) return null;
  const lack = SWITCHES[key as keyof typeof SWITCHES];
  // without TCP there is nothing but uTP
  if (lack === "utp" && lacks.includes("tcp")) return { option: "--no-tcp", orProxy: false };
  if (!lacks.includes(lack)) return null;
  if (lack === "portMapping") return { option: "--proxy", orProxy: false };
  // what peers tell goes by their own connections, whatever carries those
  const orProxy = lacks.includes("portMapping") && lack !== "pex";
  return { option: `--no-${lack}`, orProxy };
}
