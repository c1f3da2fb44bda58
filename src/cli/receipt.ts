/** What each part of the process may touch, as the runtime tells it: the receipt of `tm -v` and of the web page. */
import type { Receipt, Right } from "../control/mod.ts";
import type { WorkerPermissions } from "../engine/mod.ts";
import { type Environment, PERMISSION_NAMES, type PermissionState } from "./environment.ts";
import { printable } from "./printable.ts";

const WORDS: Readonly<Record<PermissionState, string>> = {
  yes: "yes",
  partly: "partly",
  no: "none",
};

const STATES: Readonly<Record<PermissionState, Right["state"]>> = {
  yes: "all",
  partly: "some",
  no: "none",
};

/** So many of {@linkcode PERMISSION_NAMES} stand in the first of two lines: 80 columns hold no more. */
const FILES_AND_NET = 3;

/** Lines of the receipt; `worker` is null when there is no other thread. */
export function receipt(
  { permissions, fromSource }: Pick<Environment, "permissions" | "fromSource">,
  worker: WorkerPermissions | null,
): string[] {
  const lines = ["What this process may touch:"];
  if (worker !== null) {
    const { read, write, net, sys } = worker;
    lines.push(
      `  engine       read ${paths(read)}${fromSource ? " and tm's own source" : ""}`,
      `               write ${paths(write)}`,
      `               net ${net ? "yes" : "none"}, sys ${sys.join(", ") || "none"}, ` +
        "run none, env none, ffi none",
    );
  }
  const states = PERMISSION_NAMES.map((name) => `${name} ${WORDS[permissions.state(name)]}`);
  return [
    ...lines,
    `  main thread  ${states.slice(0, FILES_AND_NET).join(", ")}`,
    `               ${states.slice(FILES_AND_NET).join(", ")}`,
  ];
}

/** The same as values, for clients of a manager. */
export function rightsOf(
  { permissions, fromSource }: Pick<Environment, "permissions" | "fromSource">,
  { read, write, net, sys }: WorkerPermissions,
): Receipt {
  const source = fromSource ? ["tm's own source"] : [];
  const granted = (name: Right["name"], only: readonly string[]): Right => {
    return { name, state: only.length === 0 ? "none" : "some", only };
  };
  const none = (["run", "env", "ffi"] as const).map((name) => granted(name, []));
  return [
    {
      part: "engine",
      rights: [
        granted("read", [...read, ...source]),
        granted("write", write),
        { name: "net", state: net ? "all" : "none", only: [] },
        granted("sys", sys),
        ...none,
      ],
    },
    {
      part: "main",
      rights: PERMISSION_NAMES.map((name) => {
        return { name, state: STATES[permissions.state(name)], only: [] };
      }),
    },
  ];
}

function paths(list: readonly string[]): string {
  return list.length === 0 ? "none" : list.map(printable).join(", ");
}
