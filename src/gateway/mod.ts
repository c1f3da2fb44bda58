/**
 * What is said to a gateway so that others reach our ports through it: PCP (RFC 6887), NAT-PMP (RFC 6886) and UPnP IGD.
 * A *gateway* is the router between our network and the others, a *mapping* or *lease* a port of its outside address
 * that leads to one of ours for a time. Packets, documents and the leases' state; sockets and HTTP are in `net/`. Left
 * out: IPv6 pinholes, PCP's other operations, events of UPnP, announcements by multicast.
 */
export { Epoch } from "./epoch.ts";
export { decodeDescription, type IgdDescription, type IgdService } from "./igd.ts";
export {
  decodeNatPmp,
  encodeNatPmpAddress,
  encodeNatPmpMapping,
  isUnknownVersion,
  NAT_PMP_RESULTS,
  type NatPmpAnswer,
  PMP_PORT,
  type Transport,
} from "./nat_pmp.ts";
export {
  decodePcp,
  encodePcp,
  isPcpUnknownVersion,
  NONCE_BYTES,
  PCP_RESULTS,
  type PcpAnswer,
  type PcpRequest,
} from "./pcp.ts";
export {
  FIRST_WAIT_MS,
  type LeaseOptions,
  type LeaseStatus,
  LIFETIME,
  PortLeases,
} from "./port_leases.ts";
export { decodeAnswer, encodeCall, type SoapAnswer, type SoapCall, SoapFault } from "./soap.ts";
export { decodeFound, encodeSearch, SSDP_GROUP, SSDP_TARGETS } from "./ssdp.ts";
export { allXml, escapeXml, findXml, MOST_XML, parseXml, type XmlElement } from "./xml.ts";
