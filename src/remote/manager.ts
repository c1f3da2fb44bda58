/** A running manager, by what its users want of it. */
import type { RpcClient } from "./client.ts";
import { asObject, type JsonObject, objects } from "./json.ts";
import { RemoteError } from "./errors.ts";
import { NAME_FIELDS, readName, readSummary, SUMMARY_FIELDS } from "./torrent.ts";
import type { TorrentName, TorrentSummary } from "./torrent.ts";

/** Torrents by info hash: numbers change when a manager starts anew, between two of our calls too. */
export type Hashes = readonly string[];

/** What became of a torrent that was added. */
export interface AddedTorrent extends TorrentName {
  /** It was there, and stays as it is. */
  readonly duplicate: boolean;
}

/** The calls that commands make. All reject with {@linkcode RemoteError}. */
export class RemoteManager {
  readonly #client: RpcClient;

  constructor(client: RpcClient) {
    this.#client = client;
  }

  /** For people, without a password. */
  get shown(): string {
    return this.#client.address.shown;
  }

  /** Any method of the RPC. */
  call(method: string, parameters: JsonObject = {}, timeoutMs?: number): Promise<JsonObject> {
    return this.#client.call(method, parameters, timeoutMs);
  }

  /** The names of all torrents, in order of their numbers. */
  async names(): Promise<TorrentName[]> {
    return sorted(await this.torrents(NAME_FIELDS, null, readName));
  }

  /** What lists show of all torrents, in order of their numbers. */
  async summaries(): Promise<TorrentSummary[]> {
    return sorted(await this.torrents(SUMMARY_FIELDS, null, readSummary));
  }

  /** `fields` of some torrents (null: all), read by `read`. */
  async torrents<T>(
    fields: readonly string[],
    hashes: Hashes | null,
    read: (torrent: JsonObject) => T,
  ): Promise<T[]> {
    const ids = hashes === null ? {} : { ids: hashes };
    return objects(await this.call("torrent-get", { fields, ...ids }), "torrents", read);
  }

  /** A method that acts on torrents. */
  async act(method: string, hashes: Hashes, parameters: JsonObject = {}): Promise<void> {
    await this.call(method, { ids: hashes, ...parameters });
  }

  /** Adds a torrent; `parameters` are those of `torrent-add`. */
  async add(parameters: JsonObject): Promise<AddedTorrent> {
    const answer = await this.call("torrent-add", parameters);
    for (
      const [key, duplicate] of [["torrent-added", false], ["torrent-duplicate", true]] as const
    ) {
      if (Object.hasOwn(answer, key)) {
        return { ...readName(asObject(answer[key], key)), duplicate };
      }
    }
    throw new RemoteError("bad-answer", "The manager does not say what became of the torrent");
  }

  /** The manager's settings, as the RPC names them. */
  session(): Promise<JsonObject> {
    return this.call("session-get");
  }
}

function sorted<T extends TorrentName>(torrents: T[]): T[] {
  return torrents.sort((a, b) => a.id - b.id);
}
