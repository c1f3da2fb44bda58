import { runProcess } from "./run_process.ts";

Deno.test(
  "500 idle connections are kept alive, cost little, and leave nothing behind",
  () => runProcess("idle.ts"),
);
