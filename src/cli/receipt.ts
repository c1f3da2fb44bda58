/** The receipt of `tm -v`: what each part of the process may touch, as the runtime tells it. */
import type { WorkerPermissions } from "../session/mod.ts";
import {
  PERMISSION_NAMES,
  type PermissionName,
  type Permissions,
  type PermissionState,
} from "./environment.ts";
import { printable } from "./printable.ts";

const WORDS: Readonly<Record<PermissionState, string>> = {
  yes: "yes",
  partly: "partly",
  no: "none",
};

/** Lines of the receipt; `worker` is null when there is no other thread. */
export function receipt(permissions: Permissions, worker: WorkerPermissions | null): string[] {
  const lines = ["What this process may touch:"];
  if (worker !== null) {
    lines.push(
      `  engine       read ${paths(worker.read)}`,
      `               write ${paths(worker.write)}`,
      `               net ${worker.net ? "yes" : "none"}, sys ${
        worker.sys.join(", ") || "none"
      }, ` +
        "run none, env none, ffi none",
    );
  }
  const states = PERMISSION_NAMES.map((name: PermissionName) =>
    `${name} ${WORDS[permissions.state(name)]}`
  );
  return [...lines, `  main thread  ${states.join(", ")}`];
}

function paths(list: readonly string[]): string {
  return list.length === 0 ? "none" : list.map(printable).join(", ");
}
