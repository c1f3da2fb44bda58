/** What a front end says of port mapping and hears of it. */

/** That a port of the gateway (router) leads to ours. */
export interface PortMappingChoice {
  /** Its address; null: it is looked for in our networks. */
  readonly gateway: string | null;
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
