/** What port mapping is asked for and says. */
import type { Endpoint, Millis, Random } from "../../base/mod.ts";
import { PMP_PORT, SSDP_GROUP, type Transport } from "../../gateway/mod.ts";

/** Ports by what they carry; what is missing is not mapped. */
export type MappedPorts = Readonly<Partial<Record<Transport, number>>>;

/** A mapping that holds. */
export interface Mapped {
  readonly protocol: "PCP" | "NAT-PMP" | "UPnP";
  /** Address of the gateway. */
  readonly gateway: string;
  /** Its outside address, null: not told. Its word alone stands for it. */
  readonly host: string | null;
  /** Outside ports. */
  readonly ports: MappedPorts;
}

/** How it stands. */
export type MappingStatus =
  | { readonly phase: "asking" }
  | { readonly phase: "mapped" } & Mapped
  /** Tried again by itself; `message`: what was tried and what came of it. */
  | { readonly phase: "failed"; readonly message: string };

/** One of our own addresses, and how many of its bits are its network's. */
export interface LocalNetwork {
  readonly address: string;
  readonly bits: number;
}

/** Where gateways are spoken to. */
export interface MappingWire {
  readonly pmpPort: number;
  /** Where a search is called out. */
  readonly group: Endpoint;
  /** The port at which one device hears a search. */
  readonly ssdpPort: number;
}

/** As the standards have it. */
export const STANDARD_WIRE: MappingWire = {
  pmpPort: PMP_PORT,
  group: SSDP_GROUP,
  ssdpPort: SSDP_GROUP.port,
};

/** What port mapping needs of its session. */
export interface MappingWorld {
  /** The gateway's address, as the user named it; null: it is looked for. */
  readonly gateway: string | null;
  readonly ports: MappedPorts;
  readonly random: Random;
  readonly now: () => Millis;
  /** It stands otherwise now. */
  readonly report: (status: MappingStatus) => void;
  /** Our own IPv4 addresses; by default the system's, as far as it may be asked for them. */
  readonly networks?: () => readonly LocalNetwork[];
  /** By default as the standards have it. */
  readonly wire?: MappingWire;
  /** Waits for `ms`, between renewals and at the end, less where `signal` says so; by default by the clock. */
  readonly rest?: (ms: number, signal: AbortSignal) => Promise<void>;
}
