/** What a gateway tells of itself: the services by which it maps ports (UPnP Internet Gateway Device). */
import { allXml, findXml, parseXml } from "./xml.ts";

/** A service that maps ports, as a description names it. */
export interface IgdService {
  readonly type: string;
  /** Where it is asked, as written: often a path alone. */
  readonly control: string;
}

/** A gateway's description. */
export interface IgdDescription {
  /** What paths are relative to, as written; null: the description's own URL. */
  readonly base: string | null;
  readonly services: readonly IgdService[];
}

const MOST_SERVICES = 8;
const MOST_URL = 1000;
const MAPS_PORTS = /^urn:schemas-upnp-org:service:(WANIPConnection|WANPPPConnection):[1-9]$/;

/** Reads a description; null when it is none or names no service that maps ports. IP before PPP, otherwise in its order. */
export function decodeDescription(text: string): IgdDescription | null {
  const root = parseXml(text);
  if (root === null || root.name !== "root") return null;
  const services: IgdService[] = [];
  for (const service of allXml(root, "service")) {
    const type = findXml(service, "serviceType")?.text ?? "";
    const control = findXml(service, "controlURL")?.text ?? "";
    const fits = MAPS_PORTS.test(type) && control !== "" && control.length <= MOST_URL;
    if (fits && services.length < MOST_SERVICES) services.push({ type, control });
  }
  if (services.length === 0) return null;
  const overPpp = ({ type }: IgdService) => Number(type.includes("PPP"));
  services.sort((a, b) => overPpp(a) - overPpp(b));
  const base = root.children.find(({ name }) => name === "URLBase")?.text ?? "";
  return { base: base === "" || base.length > MOST_URL ? null : base, services };
}
