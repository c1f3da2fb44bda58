import { fromUtf8 } from "../base/mod.ts";
import { asBytes, asList, type Bvalue } from "../bencode/mod.ts";

const MAX_URLS = 100;
const MAX_URL_BYTES = 2048;
/** Schemes of announce URLs. */
export const TRACKER_SCHEMES: readonly string[] = ["http:", "https:", "udp:"];
/** Schemes of web seeds. */
export const WEBSEED_SCHEMES: readonly string[] = ["http:", "https:"];

/**
 * Tiers of announce URLs (BEP 12), or the single `announce` when the list names none. What is no URL of a known
 * scheme is left out, as is what came before; at most 100 remain. A URL stays as it was written.
 */
export function parseTrackers(
  announce: Bvalue | undefined,
  announceList: Bvalue | undefined,
): string[][] {
  const urls = new UrlSet(TRACKER_SCHEMES);
  const tiers: string[][] = [];
  for (const tier of asList(announceList) ?? []) {
    // a bare URL in place of a tier is a common slip
    const known = urls.take(asList(tier) ?? [tier]);
    if (known.length > 0) tiers.push(known);
  }
  if (tiers.length > 0) return tiers;
  const single = urls.take([announce]);
  return single.length > 0 ? [single] : [];
}

/** The URLs of `url-list` (BEP 19), a string or a list, by the same rules. */
export function parseWebseeds(urlList: Bvalue | undefined): string[] {
  return new UrlSet(WEBSEED_SCHEMES).take(asList(urlList) ?? [urlList]);
}

class UrlSet {
  readonly #seen = new Set<string>();

  constructor(readonly schemes: readonly string[]) {}

  /** The usable URLs among `values` that were not taken before. */
  take(values: readonly (Bvalue | undefined)[]): string[] {
    const out: string[] = [];
    for (const value of values) {
      if (this.#seen.size >= MAX_URLS) break;
      const url = usableUrl(asBytes(value), this.schemes);
      if (url === null || this.#seen.has(url)) continue;
      this.#seen.add(url);
      out.push(url);
    }
    return out;
  }
}

/** The URL that `bytes` are, as it was written; null when it is none of `schemes`, or too long. */
export function usableUrl(bytes: Uint8Array | null, schemes: readonly string[]): string | null {
  if (bytes === null || bytes.length > MAX_URL_BYTES) return null;
  const text = fromUtf8(bytes)?.trim() ?? "";
  // the URL parser would drop some of these without a word
  // deno-lint-ignore no-control-regex -- no URL holds them
  if (/[\x00-\x20\x7f-\x9f]/.test(text)) return null;
  const url = URL.parse(text);
  if (url === null || !schemes.includes(url.protocol) || url.hostname === "") return null;
  // UDP has no port of its own to fall back to
  return url.protocol === "udp:" && url.port === "" ? null : text;
}
