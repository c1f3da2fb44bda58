/**
 * uTP (BEP 29): connections over UDP that give way to everything else on the line (LEDBAT). Packets in, calls out; the
 * socket and the clock are in `net/`. A _mux_ has the connections of one socket; a _caller_ is a peer that began one and
 * has not shown yet that it is where it says. Not here: encryption (`wire/`), who may be contacted (`net/`).
 */
export { UtpConnection } from "./connection.ts";
export { UtpMux } from "./mux.ts";
export {
  decodePacket,
  encodePacket,
  type PacketKind,
  PacketType,
  type UtpHeader,
  type UtpPacket,
} from "./packet.ts";
export type { UtpEnd, UtpPort, UtpUser } from "./ports.ts";
