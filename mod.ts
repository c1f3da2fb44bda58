/**
 * TorrentManager: a BitTorrent client, seeder, manager and tracker that can touch one folder and nothing else.
 * As a library this module is its door; as the main module it is the command line.
 */
export * from "./src/base/mod.ts";
export * from "./src/bencode/mod.ts";
export * from "./src/metainfo/mod.ts";
export * from "./src/engine/mod.ts";
export * from "./src/session/mod.ts";

if (import.meta.main) {
  // A library's user does not load the command line.
  const { main } = await import("./src/cli/mod.ts");
  await main({ locked: false });
}
