import { fromUtf8 } from "../base/mod.ts";
import { asBytes, asInteger, asList, type Bvalue } from "../bencode/mod.ts";

const MAX_NODES = 32;
/** Of a name in the DNS. */
const MAX_HOST_BYTES = 253;

/** A node of the DHT that a torrent names: an address or a name, and a port. */
export interface NamedNode {
  readonly host: string;
  readonly port: number;
}

/** The `nodes` of a torrent (BEP 5), a list of host and port; what is neither is left out, and all after 32. */
export function parseNodes(nodes: Bvalue | undefined): NamedNode[] {
  return (asList(nodes) ?? []).flatMap((item) => {
    const [first, second] = asList(item) ?? [];
    const bytes = asBytes(first);
    const port = asInteger(second, 1, 65_535);
    const host = bytes === null || bytes.length > MAX_HOST_BYTES ? null : fromUtf8(bytes);
    // what may stand in an address or a name
    const usable = host !== null && port !== null && /^[0-9a-zA-Z:._-]+$/.test(host);
    return usable ? [{ host, port }] : [];
  }).slice(0, MAX_NODES);
}
