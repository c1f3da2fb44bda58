/** Lists of addresses behind URLs. */
import type { Bytes } from "../base/mod.ts";
import { AddressPolicy, type PolicyOptions } from "./address_policy.ts";
import { fetchBounded } from "./http.ts";
import { MAX_FILTER_BYTES } from "./ip_filter.ts";
import { SystemResolver } from "./resolve.ts";

/** Milliseconds for everything together: such a list has some megabytes. */
const TIMEOUT_MS = 120_000;
const MAX_REDIRECTS = 5;

/**
 * The list at `url`, whatever it holds. Where a `local` caller asks it may be on any address, as if typed; for others
 * on public ones only. Rejects with an error in words.
 */
export async function fetchFilter(
  url: string,
  local: boolean,
  options: PolicyOptions,
): Promise<Bytes> {
  const policy = new AddressPolicy(new SystemResolver(), options);
  const { status, bytes } = await fetchBounded(url, {
    maxBytes: MAX_FILTER_BYTES,
    timeoutMs: TIMEOUT_MS,
    maxRedirects: MAX_REDIRECTS,
    allow: (to, from, signal) =>
      local ? policy.typed(to, from, signal) : policy.foreign(to, signal),
  });
  if (status !== 200) throw new Error(`Expected status 200, got ${status}`);
  return bytes;
}
