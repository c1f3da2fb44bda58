import { formatAddress, parseAddress, type Random } from "../../base/mod.ts";
import {
  decodeAnswer,
  decodeDescription,
  encodeCall,
  type IgdService,
  LIFETIME,
  type SoapAnswer,
  SoapFault,
  type Transport,
} from "../../gateway/mod.ts";
import { gatewayUrl } from "../address_policy.ts";
import { askGateway, GatewayError } from "./gateway_http.ts";
import type { FoundGateway } from "./gateway_search.ts";

/** Outside ports tried when ours is another machine's. */
const MORE_PORTS = 4;
const FIRST_FREE_PORT = 10_000;
/** What mappings are called in the router's own pages. */
const DESCRIPTION = "TorrentManager";

interface Service extends IgdService {
  readonly url: URL;
}

/** What is mapped: an outside port to one of ours. */
export interface PortWish {
  readonly transport: Transport;
  /** Ours, at our address `client`. */
  readonly port: number;
  readonly client: string;
  readonly external: number;
}

/** A mapping that is there, or may be. */
interface Given extends PortWish {
  readonly service: Service;
  /** The gateway said that it is there; otherwise its answer never came, or somebody else may have it now. */
  sure: boolean;
}

/** How long an answer is waited for. */
export interface Patience {
  /** Nothing more is begun: we leave. */
  readonly left: AbortSignal;
  /** Nothing is waited for any more: later than `left`, as what was begun may be done. */
  readonly late: AbortSignal;
}

/** The gateway answers, and does not do it. */
export class GatewayRefusal extends GatewayError {
  override name = "GatewayRefusal";
}

/**
 * A gateway that maps ports by UPnP. It remembers what it asked for, answered or not, until that is given back. Every
 * method rejects with {@linkcode GatewayError}.
 */
export class UpnpGateway {
  readonly #services: readonly Service[];
  readonly #random: Random;
  /** The one that works. */
  #service: Service | null = null;
  /** Mappings do not end by themselves there. */
  #permanent = false;
  readonly #given = new Map<string, Given>();

  /** Reads a gateway's description. */
  static async open(
    { host, location }: FoundGateway,
    random: Random,
    signal: AbortSignal,
  ): Promise<UpnpGateway> {
    const { status, text } = await askGateway(location, null, signal);
    if (status !== 200) throw new GatewayError(`its description answers ${status}`);
    const description = decodeDescription(text);
    if (description === null) throw new GatewayError("its description names no way to map ports");
    // a base that leads elsewhere is none
    const base = description.base === null ? null : gatewayUrl(description.base, host, location);
    const services = description.services.flatMap((service) => {
      const url = gatewayUrl(service.control, host, base ?? location);
      return url === null ? [] : [{ ...service, url }];
    });
    if (services.length === 0) throw new GatewayError("its description leads to another address");
    return new UpnpGateway(services, random);
  }

  private constructor(services: readonly Service[], random: Random) {
    this.#services = services;
    this.#random = random;
  }

  /** Maps a port, at outside port `external` or another; answers the outside port. */
  async map(wish: PortWish, patience: Patience): Promise<number> {
    let { external } = wish;
    for (let conflicts = 0;;) {
      const answer = await this.#add({ ...wish, external }, patience);
      if (answer.ok) return external;
      const { code } = answer;
      const mayEnd = code === SoapFault.permanentOnly || code === 402;
      if (mayEnd && !this.#permanent) this.#permanent = true;
      else if (code === SoapFault.conflict && conflicts++ < MORE_PORTS) {
        external = FIRST_FREE_PORT + this.#random.below(65_536 - FIRST_FREE_PORT);
      } else throw refusal(answer);
    }
  }

  /** Ends every mapping that is there, and that may be if it is ours. Never rejects. */
  async giveBack(signal: AbortSignal): Promise<void> {
    const all = [...this.#given.values()];
    this.#given.clear();
    await Promise.allSettled(all.map(async (given) => {
      if (given.sure || await this.#isOurs(given, signal)) await this.#delete(given, signal);
    }));
  }

  async #delete({ service, transport, external }: Given, signal: AbortSignal): Promise<void> {
    await this.#call(service, "DeletePortMapping", keyOf(transport, external), signal);
  }

  /** A port that was not answered for may be another machine's. */
  async #isOurs(given: Given, signal: AbortSignal): Promise<boolean> {
    const { service, transport, external, client, port } = given;
    const key = keyOf(transport, external);
    const answer = await this.#call(service, "GetSpecificPortMappingEntry", key, signal);
    return answer.ok && answer.values.get("NewInternalClient") === client &&
      answer.values.get("NewInternalPort") === String(port);
  }

  /** The outside address; null where it tells none. */
  async address(signal: AbortSignal): Promise<string | null> {
    if (this.#service === null) return null;
    const answer = await this.#call(this.#service, "GetExternalIPAddress", [], signal);
    const text = answer.ok ? answer.values.get("NewExternalIPAddress") ?? "" : "";
    const bytes = parseAddress(text);
    return bytes === null ? null : formatAddress(bytes);
  }

  /** By the first service that does it, which is the one from then on. */
  async #add(wish: PortWish, { left, late }: Patience): Promise<SoapAnswer> {
    const services = this.#service === null ? this.#services : [this.#service];
    let last: SoapAnswer | null = null;
    let trouble: unknown = null;
    for (const service of services) {
      if (left.aborted) throw new GatewayError("we leave");
      try {
        last = await this.#addAt(service, wish, late);
        if (last.ok || KNOWN.includes(last.code)) this.#service = service;
        if (last.ok || this.#service !== null) return last;
      } catch (error) {
        trouble = error;
      }
    }
    if (last === null) throw trouble;
    return last;
  }

  async #addAt(service: Service, wish: PortWish, late: AbortSignal): Promise<SoapAnswer> {
    const { transport, port, client, external } = wish;
    const id = `${service.url} ${transport} ${external}`;
    const before = this.#given.get(id);
    const given = before ?? { ...wish, service, sure: false };
    this.#given.set(id, given);
    const answer = await this.#call(service, "AddPortMapping", [
      ...keyOf(transport, external),
      ["NewInternalPort", port],
      ["NewInternalClient", client],
      ["NewEnabled", 1],
      ["NewPortMappingDescription", DESCRIPTION],
      ["NewLeaseDuration", this.#permanent ? 0 : LIFETIME],
    ], late);
    if (answer.ok) given.sure = true;
    else if (before === undefined) this.#given.delete(id);
    else if (answer.code === SoapFault.conflict) before.sure = false;
    return answer;
  }

  async #call(
    { type, url }: Service,
    name: string,
    args: readonly (readonly [string, string | number])[],
    signal: AbortSignal,
  ): Promise<SoapAnswer> {
    const { text } = await askGateway(url, encodeCall(type, name, args), signal);
    const answer = decodeAnswer(text, name);
    if (answer === null) throw new GatewayError("it answers nonsense");
    return answer;
  }
}

/** Which mapping is meant; in this order. */
function keyOf(transport: Transport, external: number) {
  return [
    ["NewRemoteHost", ""],
    ["NewExternalPort", external],
    ["NewProtocol", transport.toUpperCase()],
  ] as const;
}

/** Faults of a service that works and wants it otherwise. */
const KNOWN: readonly number[] = Object.values(SoapFault);

function refusal({ code, reason }: Extract<SoapAnswer, { ok: false }>): GatewayRefusal {
  if (code === SoapFault.conflict) {
    return new GatewayRefusal("another machine has these ports there");
  }
  if (code === 606) return new GatewayRefusal("it refuses: port mapping is switched off there");
  const plain = reason.replace(/[^\x20-\x7e]/g, "");
  return new GatewayRefusal(`it refuses (${code}${plain === "" ? "" : `, ${plain}`})`);
}
