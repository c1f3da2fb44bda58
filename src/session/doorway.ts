import type { Millis, Random } from "../base/mod.ts";
import {
  type MappedPorts,
  type MappingStatus,
  type PortMapping,
  startPortMapping,
} from "../net/mod.ts";
import type { EngineEvent, PortMappingChoice } from "./api.ts";

/** What a doorway needs to have ports mapped. */
export interface DoorwayWorld {
  readonly choice: PortMappingChoice;
  readonly random: Random;
  readonly now: () => Millis;
  readonly emit: (event: EngineEvent) => void;
  /** The gateway says that our address is `host`, null: it does not; `elsewhere`: others reach us at another port now. */
  readonly moved: (host: string | null, elsewhere: boolean) => void;
}

/** Moves an hour that others hear of at once: a gateway that gives another port each minute does not set our pace. */
const MOST_MOVES = 6;
const HOUR_MS = 3_600_000;

/** Where others reach us: at the ports we listen on, or at those that a gateway leads to them. */
export class Doorway {
  readonly #tcp: number | null;
  readonly #udp: number | null;
  #status: MappingStatus | null = null;
  #mapping: Promise<PortMapping> | null = null;
  /** When others last heard of it at once. */
  #moves: readonly number[] = [];

  /** Ports of ours; null: none. */
  constructor(tcp: number | null, udp: number | null) {
    this.#tcp = tcp;
    this.#udp = udp;
  }

  /** The port for peers to be told, null: we take no connections. */
  get port(): number | null {
    return this.#tcp === null ? null : this.#outside.tcp ?? this.#tcp;
  }

  /** The port of our node of the DHT for others to be told; 0: there is none. */
  get udpPort(): number {
    return this.#outside.udp ?? this.#udp ?? 0;
  }

  /** How port mapping stands; null: it is off. */
  get mapping(): MappingStatus | null {
    return this.#status;
  }

  /** Has our ports mapped from now on. Nothing to do when there are none. */
  map(
    { choice, random, now, emit, moved }: DoorwayWorld,
    start: typeof startPortMapping = startPortMapping,
  ): void {
    const [tcp, udp] = [this.#tcp, this.#udp];
    if (tcp === null || this.#mapping !== null) return;
    this.#status = { phase: "asking" };
    this.#mapping = start({
      gateway: choice.gateway,
      ports: { tcp, ...(udp === null ? {} : { udp }) },
      random,
      now,
      report: (status) => {
        const before = [this.port, this.udpPort].join();
        const same = JSON.stringify(status) === JSON.stringify(this.#status);
        this.#status = status;
        if (same) return;
        const event = eventOf(status);
        if (event !== null) emit(event);
        const host = status.phase === "mapped" ? status.host : null;
        const elsewhere = [this.port, this.udpPort].join() !== before && this.#mayMove(now());
        if (host !== null || elsewhere) moved(host, elsewhere);
      },
    });
  }

  /** Gives the ports back; resolves when the gateway has heard, or soon. */
  async close(): Promise<void> {
    await (await this.#mapping)?.close();
  }

  #mayMove(at: Millis): boolean {
    const recent = this.#moves.filter((each) => at - each < HOUR_MS);
    if (recent.length >= MOST_MOVES) return false;
    this.#moves = [...recent, at];
    return true;
  }

  get #outside(): MappedPorts {
    return this.#status?.phase === "mapped" ? this.#status.ports : {};
  }
}

function eventOf(status: MappingStatus): EngineEvent | null {
  const nothing = { protocol: null, gateway: null, address: null, tcp: null, udp: null };
  switch (status.phase) {
    case "asking":
      return null;
    case "failed":
      return { type: "mapping", ok: false, ...nothing, message: status.message };
    case "mapped": {
      const { protocol, gateway, host: address, ports: { tcp = null, udp = null } } = status;
      return { type: "mapping", ok: true, protocol, gateway, address, tcp, udp, message: null };
    }
  }
}
