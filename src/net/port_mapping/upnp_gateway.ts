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

/** A gateway that maps ports by UPnP. Every method rejects with {@linkcode GatewayError}. */
export class UpnpGateway {
  readonly #services: readonly Service[];
  readonly #random: Random;
  /** The one that works. */
  #service: Service | null = null;
  /** Mappings do not end by themselves there. */
  #permanent = false;

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

  /** Maps `port` of ours at `client`, at outside port `wish` or another; answers the outside port. */
  async map(
    transport: Transport,
    port: number,
    client: string,
    wish: number,
    signal: AbortSignal,
  ): Promise<number> {
    let external = wish;
    for (let conflicts = 0;;) {
      const answer = await this.#add(transport, port, client, external, signal);
      if (answer.ok) return external;
      const { code } = answer;
      const mayEnd = code === SoapFault.permanentOnly || code === 402;
      if (mayEnd && !this.#permanent) this.#permanent = true;
      else if (code === SoapFault.conflict && conflicts++ < MORE_PORTS) {
        external = FIRST_FREE_PORT + this.#random.below(65_536 - FIRST_FREE_PORT);
      } else throw refusal(answer);
    }
  }

  /** Ends a mapping. */
  async unmap(transport: Transport, external: number, signal: AbortSignal): Promise<void> {
    if (this.#service === null) return;
    await this.#call(this.#service, "DeletePortMapping", [
      ["NewRemoteHost", ""],
      ["NewExternalPort", external],
      ["NewProtocol", transport.toUpperCase()],
    ], signal);
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
  async #add(
    transport: Transport,
    port: number,
    client: string,
    external: number,
    signal: AbortSignal,
  ): Promise<SoapAnswer> {
    const args = [
      ["NewRemoteHost", ""],
      ["NewExternalPort", external],
      ["NewProtocol", transport.toUpperCase()],
      ["NewInternalPort", port],
      ["NewInternalClient", client],
      ["NewEnabled", 1],
      ["NewPortMappingDescription", DESCRIPTION],
      ["NewLeaseDuration", this.#permanent ? 0 : LIFETIME],
    ] as const;
    const services = this.#service === null ? this.#services : [this.#service];
    let last: SoapAnswer | null = null;
    let trouble: unknown = null;
    for (const service of services) {
      try {
        last = await this.#call(service, "AddPortMapping", args, signal);
        if (last.ok || KNOWN.includes(last.code)) this.#service = service;
        if (last.ok || this.#service !== null) return last;
      } catch (error) {
        trouble = error;
      }
    }
    if (last === null) throw trouble;
    return last;
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

/** Faults of a service that works and wants it otherwise. */
const KNOWN: readonly number[] = Object.values(SoapFault);

function refusal({ code, reason }: Extract<SoapAnswer, { ok: false }>): GatewayError {
  if (code === SoapFault.conflict) return new GatewayError("another machine has these ports there");
  if (code === 606) return new GatewayError("it refuses: port mapping is switched off there");
  const plain = reason.replace(/[^\x20-\x7e]/g, "");
  return new GatewayError(`it refuses (${code}${plain === "" ? "" : `, ${plain}`})`);
}
