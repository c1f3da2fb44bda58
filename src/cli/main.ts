import { forgetProxyVariables } from "./proxy_variables.ts";
import { run } from "./run.ts";
import { systemEnvironment } from "./system_environment.ts";

/** Runs this process's command line and ends the process with the exit code. */
export async function main(options: { readonly locked: boolean }): Promise<never> {
  const proxyVariables = forgetProxyVariables();
  // it was there for that alone
  Deno.permissions.revokeSync({ name: "env" });
  // Threads and sockets that are still there, after a second Ctrl-C say, must not keep the process.
  Deno.exit(await run(Deno.args, systemEnvironment({ ...options, proxyVariables })));
}
