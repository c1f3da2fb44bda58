/** Readers of option values: each checks its range and says what it expected. */
import { parseProxy, type ProxyChoice } from "../proxy/mod.ts";
import { formatAddress, parseAddress, splitHostPort, UsageError } from "../base/mod.ts";
import {
  FILE_PRIORITIES,
  type FilePriorityChange,
  type FileSelector,
  Glob,
  type IndexRange,
  parseRanges,
  safeComponent,
} from "../metainfo/mod.ts";
import type { Reader } from "./option.ts";

const UNIT = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 } as const;
const SECONDS = { "": 1, S: 1, M: 60, H: 3600, D: 86_400 } as const;
const TRACKER_PROTOCOLS = ["http:", "https:", "udp:"];
const WEBSEED_PROTOCOLS = ["http:", "https:"];

/** Any text but an empty one. */
export const text: Reader<string> = (value, name) => {
  if (value === "") throw new UsageError(`Expected a value after ${name}, got nothing`);
  return value;
};

/** Numbers of files, from 1 as `tm info` lists them: `1,3-5`; counted from 0 in the result. */
export const fileNumbers: Reader<readonly IndexRange[]> = (value, name) => {
  const ranges = parseRanges(value, 1, 1_000_000);
  if (ranges === null) {
    throw new UsageError(`Expected file numbers such as 1,3-5 after ${name}, got "${value}"`);
  }
  return ranges.map(({ from, to }) => ({ from: from - 1, to: to - 1 }));
};

/** Files of a torrent: numbers as of {@linkcode fileNumbers}, anything else is a pattern. */
export const fileSelectors: Reader<readonly FileSelector[]> = (value, name) =>
  /^[\d,-]+$/.test(value) ? fileNumbers(value, name) : [{ glob: pattern(value, name) }];

/** A pattern for names or paths. */
export const pattern: Reader<string> = (value, name) => {
  try {
    return new Glob(value).text;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} after ${name}`);
  }
};

/** Files and what they get: `high=1,3-5`, `off=*.nfo`. */
export const filePriority: Reader<FilePriorityChange> = (value, name) => {
  const at = value.indexOf("=");
  const priority = FILE_PRIORITIES.find((each) => each === value.slice(0, at));
  if (priority === undefined) {
    const levels = FILE_PRIORITIES.join(", ");
    throw new UsageError(`Expected LEVEL=FILES (${levels}) after ${name}, got "${value}"`);
  }
  return { priority, files: fileSelectors(value.slice(at + 1), name) };
};

/** A number of bytes: `300`, `64K`, `1.5M`, `2G`; K, M, G and T are powers of 1024, a following `B` or `iB` is allowed. */
export const bytes: Reader<number> = (value, name) => {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([KMGT]?)(?:i?B)?$/i.exec(value);
  if (match === null) {
    throw new UsageError(`Expected a size such as 500K or 2M after ${name}, got "${value}"`);
  }
  const size = Math.round(Number(match[1]) * UNIT[match[2]!.toUpperCase() as keyof typeof UNIT]);
  if (!Number.isSafeInteger(size)) {
    throw new UsageError(`Expected a size below 8192T after ${name}, got "${value}"`);
  }
  return size;
};

/** A piece length: a power of two from 16 KiB to 256 MiB. */
export const pieceLength: Reader<number> = (value, name) => {
  const size = bytes(value, name);
  if (size < 16 * UNIT.K || size > 256 * UNIT.M || !Number.isInteger(Math.log2(size))) {
    throw new UsageError(`Expected a power of two from 16K to 256M after ${name}, got "${value}"`);
  }
  return size;
};

/** Seconds: `90`, or with a unit `90s`, `5m`, `2h`, `1d`. */
export const seconds: Reader<number> = (value, name) => {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)([smhd]?)$/i.exec(value);
  if (match === null) {
    throw new UsageError(`Expected seconds, or a time such as 5m, after ${name}, got "${value}"`);
  }
  return Number(match[1]) * SECONDS[match[2]!.toUpperCase() as keyof typeof SECONDS];
};

/** A decimal number of at least 0. */
export const decimal: Reader<number> = (value, name) => {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(value)) {
    throw new UsageError(`Expected a number of 0 or more after ${name}, got "${value}"`);
  }
  return Number(value);
};

/** A port; 0 lets the system choose. */
export const port: Reader<number> = (value, name) => {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535) {
    throw new UsageError(`Expected a port from 0 to 65535 after ${name}, got "${value}"`);
  }
  return Number(value);
};

/** A peer as `host:port` or `[v6]:port`. */
export const peer: Reader<string> = (value, name) => {
  if (splitHostPort(value) === null) {
    throw new UsageError(`Expected HOST:PORT or [IPV6]:PORT after ${name}, got "${value}"`);
  }
  return value;
};

/** An address or a host name, IPv6 with or without brackets; without them in the end. */
export const host: Reader<string> = (value, name) => {
  const bare = /^\[(.*)\]$/.exec(value)?.[1] ?? value;
  const address = parseAddress(bare);
  if (address !== null) return formatAddress(address);
  // four numbers that are no address would be one to somebody
  if (/^(?!-)[A-Za-z0-9.-]{1,253}$/.test(value) && /[A-Za-z]/.test(value)) return value;
  throw new UsageError(`Expected an address or a host name after ${name}, got "${value}"`);
};

/** An IP address, in canonical text. */
export const address: Reader<string> = (value, name) => {
  const bytes = parseAddress(value);
  if (bytes === null) throw new UsageError(`Expected an IP address after ${name}, got "${value}"`);
  return formatAddress(bytes);
};

/** A proxy; what may be a password is not repeated in errors. */
export const proxy: Reader<ProxyChoice> = (value) => parseProxy(value);

/** Where to listen: `HOST:PORT`, `:PORT` or `PORT`; port 0 lets the system choose. */
export const listenAddress: Reader<{ hostname: string; port: number }> = (value, name) => {
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]*)):)?(\d{1,5})$/.exec(value);
  if (match === null || Number(match[3]) > 65535) {
    throw new UsageError(`Expected HOST:PORT after ${name}, got "${value}"`);
  }
  return { hostname: (match[1] ?? match[2]) || "127.0.0.1", port: Number(match[3]) };
};

/** An announce URL. */
export const trackerUrl: Reader<string> = (value, name) => url(value, name, TRACKER_PROTOCOLS);

/** A web seed's URL (BEP 19). */
export const webseedUrl: Reader<string> = (value, name) => url(value, name, WEBSEED_PROTOCOLS);

/** A name for a file or folder: one component. */
export const fileName: Reader<string> = (value, name) => {
  if (safeComponent(value, { portable: false }) !== value) {
    throw new UsageError(
      `Expected a plain name after ${name}, no folders (those go after -d), got "${value}"`,
    );
  }
  return value;
};

/** One of `choices`. */
export function choice<T extends string>(choices: readonly T[]): Reader<T> {
  return (value, name) => {
    const found = choices.find((each) => each === value);
    if (found !== undefined) return found;
    throw new UsageError(`Expected ${choices.join(", ")} after ${name}, got "${value}"`);
  };
}

function url(value: string, name: string, protocols: readonly string[]): string {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  if (parsed === null || !protocols.includes(parsed.protocol) || parsed.hostname === "") {
    const schemes = protocols.map((protocol) => `${protocol}//`).join(", ");
    throw new UsageError(
      `Expected a URL that starts with ${schemes} after ${name}, got "${value}"`,
    );
  }
  return value;
}
