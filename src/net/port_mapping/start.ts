import type { MappingWorld } from "./mapping.ts";

/** Port mapping as its session sees it. */
export interface PortMapping {
  /** Gives the ports back; resolves when the gateway has heard, or soon. */
  close(): Promise<void>;
}

/** Begins to map ports. Its code is loaded by who asks for it: most runs do not. */
export async function startPortMapping(world: MappingWorld): Promise<PortMapping> {
  const { PortMapper } = await import("./port_mapper.ts");
  return new PortMapper(world);
}
