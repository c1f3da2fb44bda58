/** What a front end says of the ways between us and others, and hears of them. */
import type { ProxyChoice } from "../proxy/mod.ts";

/** That a port of the gateway (router) leads to ours. */
export interface PortMappingChoice {
  /** Its address; null: it is looked for in our networks. */
  readonly gateway: string | null;
}

/** What is between us and others. */
export interface WayOptions {
  /** Have the gateway lead a port of its own to ours; by default, and for null, not. */
  readonly portMapping?: PortMappingChoice | null;
  /** Everything goes through it and nothing beside: no port is listened on then. By default none. */
  readonly proxy?: ProxyChoice | null;
}

/** The gateway leads ports of its outside `address` to ours, or nobody does. */
export interface MappingEvent {
  readonly type: "mapping";
  readonly ok: boolean;
  readonly protocol: "PCP" | "NAT-PMP" | "UPnP" | null;
  readonly gateway: string | null;
  /** Null: not told. */
  readonly address: string | null;
  /** Outside ports, null: not this one. */
  readonly tcp: number | null;
  readonly udp: number | null;
  /** What was tried and what came of it, where `ok` is false; it is tried again. */
  readonly message: string | null;
}
