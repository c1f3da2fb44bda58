/** Which range an IP address belongs to, by the special-purpose registries of IANA (RFC 6890). */
import { parseAddress } from "./address.ts";

/** Where an address leads. Everything but `public` is off limits to a stranger's torrent. */
export type AddressScope =
  | "public"
  | "loopback"
  | "private"
  | "link-local"
  | "unspecified"
  /** Many at once; the broadcast address too. */
  | "multicast"
  /** Documentation, protocols of their own, the future: nobody out there can be. */
  | "reserved";

/** The first `bits` bits of an address, and what they mean. */
interface Range {
  readonly prefix: Uint8Array;
  readonly bits: number;
  readonly meaning: AddressScope | Carrier;
}

/** An IPv4 address inside decides: at which byte it is, and whether its bits are inverted. */
interface Carrier {
  readonly at: number;
  readonly inverted: boolean;
}

const V4: readonly Range[] = ranges({
  "unspecified": ["0.0.0.0/8"],
  "loopback": ["127.0.0.0/8"],
  // 100.64: carrier NAT (RFC 6598), 198.18: test networks (RFC 2544)
  "private": ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15"],
  "link-local": ["169.254.0.0/16"],
  "multicast": ["224.0.0.0/4", "255.255.255.255/32"],
  // protocol assignments, three for documentation, 6to4 relays (deprecated), the future
  "reserved": [
    "192.0.0.0/24",
    "192.0.2.0/24",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "192.88.99.0/24",
    "240.0.0.0/4",
  ],
});

/** The first that fits counts. */
const V6: readonly Range[] = [
  ...ranges({
    "unspecified": ["::/128"],
    "loopback": ["::1/128"],
  }),
  // v4-mapped, v4-compatible and translated (RFC 2765, 4291), NAT64 (RFC 6052)
  ...["::ffff:0:0/96", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96"].map((text) =>
    range(text, { at: 12, inverted: false })
  ),
  range("2002::/16", { at: 2, inverted: false }), // 6to4
  range("2001::/32", { at: 12, inverted: true }), // Teredo
  ...ranges({
    // a network's own NAT64 (RFC 8215), test networks, unique local (RFC 4193), site-local (deprecated)
    "private": ["64:ff9b:1::/48", "2001:2::/48", "fc00::/7", "fec0::/10"],
    "link-local": ["fe80::/10"],
    "multicast": ["ff00::/8"],
    // ORCHID twice, documentation twice
    "reserved": ["2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20"],
    "public": ["2000::/3"], // all that has ever been given out
  }),
];

/** The range that an address of 4 or 16 bytes belongs to; one that carries an IPv4 address belongs where that does. */
export function addressScope(bytes: Uint8Array): AddressScope {
  const isV4 = bytes.length === 4;
  const found = (isV4 ? V4 : V6).find((range) => contains(range, bytes));
  if (found === undefined) return isV4 ? "public" : "reserved";
  if (typeof found.meaning === "string") return found.meaning;
  const { at, inverted } = found.meaning;
  const carried = bytes.slice(at, at + 4);
  return addressScope(inverted ? carried.map((byte) => ~byte) : carried);
}

function ranges(byScope: Partial<Record<AddressScope, readonly string[]>>): Range[] {
  return Object.entries(byScope).flatMap(([scope, texts]) =>
    texts.map((text) => range(text, scope as AddressScope))
  );
}

function range(text: string, meaning: Range["meaning"]): Range {
  const [address, bits] = text.split("/");
  const prefix = parseAddress(address!);
  if (prefix === null) throw new TypeError(`Expected an address, got "${text}"`);
  return { prefix, bits: Number(bits), meaning };
}

function contains({ prefix, bits }: Range, address: Uint8Array): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (prefix[i] !== address[i]) return false;
  const rest = bits & 7;
  return rest === 0 || (prefix[whole]! ^ address[whole]!) >> (8 - rest) === 0;
}
