/**
 * The network: TCP links and the listener of peers, bounded HTTP, trackers both ways, web seeds, and the policy that says
 * where a stranger's torrent may send us. What is said over it is in `wire/` and `tracker/`.
 */
export {
  AddressPolicy,
  AddressRefused,
  type Informant,
  peerInformant,
  type PolicyOptions,
  type Reach,
  type Route,
  type UrlOrigin,
  type Verdict,
} from "./address_policy.ts";
export { type Carrier, type CarrierLink, dialTcp, TcpCarrier, type Transport } from "./carrier.ts";
export {
  type Allow,
  fetchBounded,
  type FetchedBody,
  type FetchOptions,
  USER_AGENT,
} from "./http.ts";
export { HttpError, type HttpFailure } from "./http_error.ts";
export { fetchFilter } from "./filter_list.ts";
export { IpFilterParser, MAX_FILTER_BYTES, type ParsedFilter, parseIpFilter } from "./ip_filter.ts";
export { PeerListener } from "./listener.ts";
export { LocalDiscovery, type LsdContext } from "./lsd.ts";
export {
  decodeLsd,
  encodeLsd,
  LSD_GROUPS,
  type LsdFamily,
  type LsdMessage,
} from "./lsd_message.ts";
export { type LsdHeard, LsdState } from "./lsd_state.ts";
export type {
  LocalNetwork,
  Mapped,
  MappedPorts,
  MappingStatus,
  MappingWire,
  MappingWorld,
} from "./port_mapping/mapping.ts";
export { openProxy, type ProxyWay } from "./proxy/open_proxy.ts";
export { type PortMapping, startPortMapping } from "./port_mapping/start.ts";
export {
  fetchTorrentFile,
  TorrentFileError,
  type TorrentFileFault,
  type TorrentFileOptions,
} from "./torrent_file.ts";
export { type Resolver, SystemResolver } from "./resolve.ts";
export { LoopTurns } from "./loop_turns.ts";
export { type LinkContext, reasonOf, TcpLink } from "./tcp_link.ts";
export { type AnnounceOptions, type TrackerAnswer, TrackerClient } from "./tracker_client.ts";
export { TrackerServer, type TrackerServerOptions } from "./tracker_server.ts";
export { UdpDemux, type UdpPort, type UdpProtocol, udpProtocol } from "./udp_demux.ts";
export { type DatagramSocket, type UdpFamily, type UdpReceiver, UdpSocket } from "./udp_socket.ts";
export { UtpDoor } from "./utp_door.ts";
export { UtpError } from "./utp_error.ts";
export { UtpCarrier, UtpLink } from "./utp_link.ts";
export type { UtpContext } from "./utp_socket.ts";
export type { StreamListener, UtpStream } from "./utp_stream.ts";
export type { FilePart } from "./webseed_answer.ts";
export { type PartReader, WebseedClient, type WebseedTimes } from "./webseed_client.ts";
