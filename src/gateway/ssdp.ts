/** How a gateway that speaks UPnP is found: a search called out by multicast, and answers of HTTP's shape (UPnP Device Architecture 1.1, 1.3). */
import { type Bytes, utf8 } from "../base/mod.ts";

/** Where searches are called out. */
export const SSDP_GROUP = { host: "239.255.255.250", port: 1900 } as const;

/** What is looked for: gateways of both versions; the services behind them too, as some answer to nothing else. */
export const SSDP_TARGETS = [
  "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
  "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
  "urn:schemas-upnp-org:service:WANIPConnection:1",
  "urn:schemas-upnp-org:service:WANPPPConnection:1",
] as const;

const MOST_BYTES = 2048;

/** A search for `target`; `to`: the group, or the one device that is asked. */
export function encodeSearch(
  to: { readonly host: string; readonly port: number },
  target: string,
): Bytes {
  const lines = [
    "M-SEARCH * HTTP/1.1",
    `HOST: ${to.host}:${to.port}`,
    'MAN: "ssdp:discover"',
    "MX: 2",
    `ST: ${target}`,
  ];
  return utf8(`${lines.join("\r\n")}\r\n\r\n`);
}

/** The URL of a gateway's description, out of an answer to a search; null when it is none. Unknown headers are passed over. */
export function decodeFound(packet: Bytes): string | null {
  if (packet.length > MOST_BYTES) return null;
  const [first, ...lines] = new TextDecoder("latin1").decode(packet).split("\r\n");
  if (!/^HTTP\/1\.[01] 200 /.test(first!)) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([A-Za-z0-9.-]{1,40}): *([\x21-\x7e]{1,400}) *$/.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key !== undefined && !headers.has(key)) headers.set(key, value!);
  }
  const target = headers.get("st") ?? "";
  const known = /:(?:InternetGatewayDevice|WANIPConnection|WANPPPConnection):[1-9]$/.test(target);
  return known ? headers.get("location") ?? null : null;
}
