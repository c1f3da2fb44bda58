/**
 * Message stream encryption (MSE, also protocol encryption, PE): an exchange of keys before the handshake, so that a
 * network does not know BitTorrent by its first bytes, and RC4 for what follows where a side wants that. The
 * specification is Azureus' wiki page "Message Stream Encryption"; there is no BEP. State machines without I/O.
 *
 * Terms: the _caller_ dialled and the _called_ was dialled; a _mark_ is the digest by which one knows what the other
 * means; the _method_ is how the connection goes on, plain or by RC4.
 */
export { Called, type CalledParts } from "./called.ts";
export { Caller } from "./caller.ts";
export { KEY_SIZE, KeyExchange } from "./key_exchange.ts";
export { Rc4 } from "./rc4.ts";
export { Method, torrentMark } from "./secrets.ts";
