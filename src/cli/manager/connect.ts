/** The options of every command that drives a manager, and the way to it. */
import { messageOf, UsageError } from "../../base/mod.ts";
import {
  type Credentials,
  type ManagerAddress,
  parseCredentials,
  parseManagerAddress,
  RemoteError,
  type RemoteFault,
  RemoteManager,
  RpcClient,
} from "../../remote/mod.ts";
import type { Context } from "../command.ts";
import { InputTooLarge } from "../environment.ts";
import { CommandError, ExitCode } from "../exit_codes.ts";
import { option, type OptionTable, type Reader, type Values } from "../option.ts";
import { text } from "../option_values.ts";

const DEFAULT_ADDRESS = "127.0.0.1:9091";
/** Bytes of a file with a name and a password. */
const MAX_AUTH_BYTES = 4096;

const managerAddress: Reader<ManagerAddress> = (value, name) => {
  const address = parseManagerAddress(value);
  if (address !== null) return address;
  // not echoed: there may be a password in it
  throw new UsageError(`Expected HOST:PORT, a URL or unix:PATH after ${name}, got something else`);
};

const credentials: Reader<Credentials> = (value) => parseCredentials(value, "after -n");

/** The shared option table. */
export const MANAGER_OPTIONS = {
  host: option({
    long: "host",
    placeholder: "HOST:PORT",
    read: managerAddress,
    help: `Where the manager is (${DEFAULT_ADDRESS})`,
  }),
  auth: option({
    long: "auth",
    short: "n",
    placeholder: "USER:PASS",
    read: credentials,
    help: "The name and password it wants",
  }),
  authFile: option({
    long: "auth-file",
    placeholder: "FILE",
    complete: "file",
    read: text,
    help: "The same from the first line of a file",
  }),
} as const satisfies OptionTable;

/** What {@linkcode MANAGER_OPTIONS} come to. */
export type ManagerValues = Values<typeof MANAGER_OPTIONS>;

const CODES: Readonly<Record<RemoteFault, ExitCode>> = {
  "unreachable": ExitCode.network,
  "silent": ExitCode.timedOut,
  "unauthorized": ExitCode.unauthorized,
  "forbidden": ExitCode.unauthorized,
  "bad-answer": ExitCode.badAnswer,
  "unknown-method": ExitCode.unknown,
  "refused": ExitCode.unknown,
};

/**
 * Runs `work` with the manager that the options name. Files are out of reach from then on, but for a Unix socket. What
 * goes wrong between us and it becomes a {@linkcode CommandError}.
 */
export async function withManager(
  { env }: Pick<Context, "env">,
  values: ManagerValues,
  work: (manager: RemoteManager) => Promise<ExitCode>,
): Promise<ExitCode> {
  const address = values.host ?? managerAddress(DEFAULT_ADDRESS, "--host");
  const given = await givenCredentials(env, values);
  if (address.kind !== "unix") await env.permissions.revokeFiles();
  const client = new RpcClient(address, await env.openManager(address), given);
  try {
    return await work(new RemoteManager(client));
  } catch (error) {
    if (error instanceof RemoteError) throw new CommandError(CODES[error.fault], error.message);
    throw error;
  } finally {
    client.close();
  }
}

async function givenCredentials(
  env: Context["env"],
  { auth, authFile }: ManagerValues,
): Promise<Credentials | null> {
  if (authFile === undefined) return auth ?? null;
  if (auth !== undefined) throw new UsageError("Expected -n or --auth-file, got both");
  try {
    const bytes = await env.files.read(authFile, MAX_AUTH_BYTES);
    return parseCredentials(new TextDecoder().decode(bytes), `in the first line of ${authFile}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof InputTooLarge) {
      throw new UsageError(`Expected USER:PASS in ${authFile}, got a large file`);
    }
    const missing = error instanceof Deno.errors.NotFound;
    const why = missing ? "no such file" : messageOf(error);
    throw new CommandError(
      missing ? ExitCode.notFound : ExitCode.cannotOpen,
      `Cannot read ${authFile}: ${why}`,
    );
  }
}
