import { FactTable } from "./fact_table.tsx";
import { tame } from "./format.ts";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";
import type { Words } from "./words.ts";

interface Facts {
  readonly peers: readonly {
    readonly address: string;
    readonly port: number;
    readonly clientName: string;
    readonly flagStr: string;
    readonly progress: number;
    readonly rateToClient: number;
    readonly rateToPeer: number;
  }[];
}

/** The peers that are connected, the fastest first. */
export function PeersTab({ id }: { readonly id: number }) {
  const { words, format } = useTools();
  const { torrent } = useTorrent<Facts>(id, ["peers"]);
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  if (torrent.peers.length === 0) return <p>{words.noPeers}</p>;
  const rate = (peer: Facts["peers"][number]) => peer.rateToClient + peer.rateToPeer;
  const peers = [...torrent.peers].sort((a, b) => rate(b) - rate(a));
  const letters = [...new Set(peers.flatMap(({ flagStr }) => [...flagStr]))].sort();
  return (
    <>
      <FactTable
        label={words.tabs.peers}
        heads={words.peer}
        lines={peers.map((peer) => ({
          key: `${peer.address} ${peer.port}`,
          cells: {
            address: <span class="strange short">{placeOf(peer.address, peer.port)}</span>,
            client: <bdi class="strange">{tame(peer.clientName)}</bdi>,
            flags: (
              <>
                <span aria-hidden="true">{peer.flagStr}</span>
                <span class="unseen">{meanings(peer.flagStr, words).join(", ")}</span>
              </>
            ),
            progress: format.percent(peer.progress),
            down: format.rate(peer.rateToClient),
            up: format.rate(peer.rateToPeer),
          },
        }))}
      />
      {letters.length > 0 && (
        <details class="legend">
          <summary>{words.flagsTitle}</summary>
          <dl>
            {letters.map((letter) => (
              <div key={letter}>
                <dt>{letter}</dt>
                <dd>{meanings(letter, words)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}

/** What each letter of the flags says. */
function meanings(flags: string, words: Words): string[] {
  const known: Readonly<Record<string, string>> = words.flags;
  return [...flags].map((letter) => Object.hasOwn(known, letter) ? known[letter] ?? "" : letter);
}

function placeOf(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
