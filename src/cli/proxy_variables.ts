/**
 * Variables of the environment by which the runtime's HTTP client goes through a proxy, or beside one, each time a client
 * is made, in any thread. tm follows none of them: `NO_PROXY` would lead beside `--proxy`, the others would carry requests
 * to trackers alone, and with them those to our own machine and to the router, through somebody who is not asked for.
 */
export const PROXY_VARIABLES = [
  "NO_PROXY",
  "no_proxy",
  "ALL_PROXY",
  "all_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "HTTPS_PROXY",
  "https_proxy",
] as const;

/** What became of the variables. */
export interface ProxyVariables {
  /** False: one that leads beside `--proxy` may be there, as we may not touch it. */
  readonly gone: boolean;
  /** The first that named a proxy; null: none that we may read. */
  readonly named: string | null;
}

/** The environment as far as it is needed here. */
export type Variables = Pick<typeof Deno.env, "get" | "delete">;

/** Takes them out of the process's environment; to be done before the first HTTP client is made. */
export function forgetProxyVariables(variables: Variables = Deno.env): ProxyVariables {
  let [gone, named]: [boolean, string | null] = [true, null];
  for (const name of PROXY_VARIABLES) {
    const leadsBeside = /^no_/i.test(name);
    try {
      const value = variables.get(name) ?? "";
      variables.delete(name);
      if (value !== "" && !leadsBeside) named ??= name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
      // the others give way to a proxy that is named
      if (leadsBeside) gone = false;
    }
  }
  return { gone, named };
}
