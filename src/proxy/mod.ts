/**
 * What is said to a proxy: SOCKS 5 (RFC 1928), with a name and password (RFC 1929) where it wants them, for connections
 * and for UDP. Names go to the proxy as they are: it looks them up. No sockets; those are in `net/`. HTTP proxies are
 * the runtime's own business. Left out: SOCKS 4, GSSAPI, `BIND`, fragments.
 */
export { parseProxy, type ProxyChoice, proxyName } from "./choice.ts";
export { ProxyError, type ProxyFault } from "./error.ts";
export { decodeSocksAddress, encodeSocksAddress, type SocksAddress } from "./socks_address.ts";
export { decodeDatagram, encodeDatagram, type SocksDatagram } from "./socks_datagram.ts";
export { type SocksRequest, SocksTalk } from "./socks_talk.ts";
