/**
 * Runs a command to its end and answers its output; throws with all it printed when it fails, and the
 * signal's reason after that ended it.
 */
export async function run(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<string> {
  const [program, ...args] = command;
  if (program === undefined) throw new Error("Expected a command, got an empty list");
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { LC_ALL: "C.UTF-8", ...env },
    stdin: "null",
    ...(signal === undefined ? {} : { signal }),
  }).output();
  signal?.throwIfAborted();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (code !== 0) {
    const said = `${text(stdout)}${text(stderr)}`.slice(-2000);
    throw new Error(`Expected exit code 0 from ${command.join(" ")}, got ${code}\n${said}`);
  }
  return text(stdout);
}
