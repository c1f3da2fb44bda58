import type { InfoHash } from "../base/mod.ts";
import { type Metainfo, nameRules, parseMetainfo } from "../metainfo/mod.ts";
import type { StateDb } from "../storage/mod.ts";

/** So many are kept at hand; a page of details asks for the same few again and again. */
const MOST = 8;

/** What the torrent files say, read again when somebody asks for details. */
export class Library {
  readonly #state: Pick<StateDb, "metainfo">;
  readonly #recent = new Map<string, Metainfo>();

  constructor(state: Pick<StateDb, "metainfo">) {
    this.#state = state;
  }

  /** The torrent `hash` (in hexadecimal too); null as long as its metadata is not here. */
  async get(infoHash: InfoHash, hash: string): Promise<Metainfo | null> {
    const known = this.#recent.get(hash);
    this.#recent.delete(hash);
    const bytes = known === undefined ? this.#state.metainfo(infoHash) : null;
    const metainfo = known ??
      (bytes === null ? null : await parseMetainfo(bytes, nameRules(Deno.build.os), {
        layersMissing: true,
        knownAs: infoHash,
      }).catch(() => null));
    if (metainfo === null) return null;
    this.#recent.set(hash, metainfo);
    if (this.#recent.size > MOST) this.#recent.delete(this.#recent.keys().next().value!);
    return metainfo;
  }

  /** Forgets a torrent. */
  forget(hash: string): void {
    this.#recent.delete(hash);
  }
}
