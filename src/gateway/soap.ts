/** Calls of a gateway's service and its answers, in SOAP (UPnP Device Architecture 1.1, 3). */
import { escapeXml, findXml, parseXml } from "./xml.ts";

/** A call, ready to be posted. */
export interface SoapCall {
  /** The header `SOAPAction`. */
  readonly action: string;
  readonly body: string;
}

/** What a service answered: its values by name, or why it does not do it. */
export type SoapAnswer =
  | { readonly ok: true; readonly values: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly code: number; readonly reason: string };

/** Error codes that decide what is tried next (UPnP IGD, WANIPConnection 2.4). */
export const SoapFault = {
  /** Another machine has the port. */
  conflict: 718,
  /** Outside and inside ports must be the same. */
  samePort: 724,
  /** A mapping cannot end by itself. */
  permanentOnly: 725,
} as const;

const MOST_REASON = 120;

/** A call of `name` with arguments in their order, which some gateways insist on. */
export function encodeCall(
  service: string,
  name: string,
  args: readonly (readonly [name: string, value: string | number])[],
): SoapCall {
  const inside = args.map(([key, value]) => `<${key}>${escapeXml(String(value))}</${key}>`);
  const body = '<?xml version="1.0"?>\r\n' +
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
    `<u:${name} xmlns:u="${escapeXml(service)}">${inside.join("")}</u:${name}>` +
    "</s:Body></s:Envelope>\r\n";
  return { action: `"${service}#${name}"`, body };
}

/** Reads the answer to a call of `name`; null when it is none. */
export function decodeAnswer(text: string, name: string): SoapAnswer | null {
  const root = parseXml(text);
  const body = root?.name === "Envelope"
    ? root.children.find(({ name }) => name === "Body")
    : undefined;
  if (body === undefined) return null;
  const answer = body.children.find((child) => child.name === `${name}Response`);
  if (answer !== undefined) {
    return { ok: true, values: new Map(answer.children.map(({ name, text }) => [name, text])) };
  }
  const fault = body.children.find((child) => child.name === "Fault");
  const error = fault === undefined ? null : findXml(fault, "UPnPError");
  const code = Number(error === null ? NaN : findXml(error, "errorCode")?.text || NaN);
  if (error === null || !Number.isInteger(code)) return null;
  const reason = (findXml(error, "errorDescription")?.text ?? "").slice(0, MOST_REASON);
  return { ok: false, code, reason };
}
