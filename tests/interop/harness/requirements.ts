import { join } from "@std/path";

/** A program of another project and the Debian package that holds it. */
export interface Requirement {
  readonly program: string;
  readonly debianPackage: string;
  /** A Python module that must import as well. */
  readonly pythonModule?: string;
}

/** What every suite needs. */
export const COMMON: readonly Requirement[] = [
  { program: "/usr/bin/python3", debianPackage: "python3" },
  { program: "/usr/bin/python3", debianPackage: "python3-libtorrent", pythonModule: "libtorrent" },
  { program: "opentracker", debianPackage: "opentracker" },
  { program: "mktorrent", debianPackage: "mktorrent" },
];

/** What a network of namespaces needs. */
export const NAMESPACES: readonly Requirement[] = [{
  program: "ip",
  debianPackage: "iproute2",
}];

/** Throws one error that names every Debian package to install. */
export function requirePrograms(requirements: readonly Requirement[]): void {
  const missing = requirements.filter((one) => !present(one)).map((one) => one.debianPackage);
  if (missing.length === 0) return;
  throw new Error(`Missing programs: apt-get install --no-install-recommends ${missing.join(" ")}`);
}

function present({ program, pythonModule }: Requirement): boolean {
  const folders = program.startsWith("/") ? ["/"] : [
    ...(Deno.env.get("PATH") ?? "").split(":"),
    // Not on every user's path, yet where Debian puts daemons.
    "/usr/sbin",
    "/sbin",
  ];
  if (!folders.some((folder) => isFile(join(folder, program)))) return false;
  if (pythonModule === undefined) return true;
  return new Deno.Command(program, { args: ["-c", `import ${pythonModule}`] }).outputSync().success;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
