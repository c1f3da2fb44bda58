import { assertEquals } from "@std/assert";
import { UsageError } from "../../src/base/mod.ts";
import { postError, receiveError } from "../../src/engine/worker_messages.ts";

Deno.test("engine: what a command cannot be is told as a code beyond the thread, too", () => {
  const complaint = { code: "file-taken", values: { path: "a/b" } };
  for (const told of [complaint, null]) {
    const posted = structuredClone(postError(new UsageError("There is one already", told)));
    const received = receiveError(posted);
    assertEquals(received instanceof UsageError && received.complaint, told);
    assertEquals(received.message, "There is one already");
  }
});
