import { assert } from "@std/assert";
import { fromFileUrl } from "@std/path";

Deno.test("500 idle connections are kept alive, cost little, and leave nothing behind", async () => {
  const program = fromFileUrl(new URL("./processes/idle.ts", import.meta.url));
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--v8-flags=--expose-gc", program],
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  assert(success);
});
