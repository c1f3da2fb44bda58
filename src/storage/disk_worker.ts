/** The disk worker's entry: reads and writes below one folder, has no network and nothing else. */
import { DiskHost } from "./disk_host.ts";
import type { DiskPort } from "./messages.ts";

new DiskHost(globalThis as unknown as DiskPort);
