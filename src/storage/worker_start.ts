/** What a thread of the storage may touch: paths to read and to write, and whether it may ask how much room is left. */
export interface FileRights {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly statfs: boolean;
}

/** Starts a thread that has `rights` and nothing else: no network, no program, no environment, no library. */
export function startFileWorker(
  url: URL,
  name: string,
  { read, write, statfs }: FileRights,
): Worker {
  return new Worker(url, {
    type: "module",
    name,
    deno: {
      permissions: {
        read: [...read],
        write: write.length > 0 ? [...write] : false,
        sys: statfs ? ["statfs"] : false,
        net: false,
        env: false,
        run: false,
        ffi: false,
        import: false,
      },
    },
  });
}
