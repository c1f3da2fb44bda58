import { tame } from "./format.ts";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

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
  return (
    <table>
      <thead>
        <tr>
          {Object.entries(words.peer).map(([key, word]) => <th key={key} scope="col">{word}</th>)}
        </tr>
      </thead>
      <tbody>
        {peers.map((peer) => (
          <tr key={`${peer.address} ${peer.port}`}>
            <td>{placeOf(peer.address, peer.port)}</td>
            <td>
              <bdi>{tame(peer.clientName)}</bdi>
            </td>
            <td>{peer.flagStr}</td>
            <td>{format.percent(peer.progress)}</td>
            <td>{format.rate(peer.rateToClient)}</td>
            <td>{format.rate(peer.rateToPeer)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function placeOf(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
