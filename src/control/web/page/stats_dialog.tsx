import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "./dialog.tsx";
import type { Model } from "./model.ts";
import { RateGraph } from "./rate_graph.tsx";
import { useTools } from "./tools.ts";

interface Transfers {
  readonly downloadedBytes: number;
  readonly uploadedBytes: number;
  readonly filesAdded: number;
  readonly secondsActive: number;
  readonly sessionCount: number;
}

interface Facts {
  readonly "current-stats": Transfers;
  readonly "cumulative-stats": Transfers;
}

const INTERVAL_MS = 5_000;

/** The rates of all torrents together, and what was transferred. */
export function StatsDialog(
  { model, onClose }: { readonly model: Model; readonly onClose: () => void },
) {
  const { words, format, rpc } = useTools();
  const { stats: word } = words;
  const { totals, history } = model;
  const [facts, setFacts] = useState<Facts | null>(null);
  useEffect(() => {
    // the stream of figures says that the connection is lost
    const look = () => void rpc.call<Facts>("session-stats").then(setFacts, () => {});
    look();
    const timer = setInterval(look, INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Dialog
      title={word.title}
      go={null}
      isWide
      onGo={() => Promise.resolve(true)}
      onClose={onClose}
    >
      <RateGraph rates={history.all} now={history.all.last} down={totals.down} up={totals.up} />
      <dl>
        <Fact name={word.peers}>{format.count(totals.peers)}</Fact>
        <Fact name={word.dht}>{format.count(totals.dhtNodes)}</Fact>
        <Fact name={word.port}>{totals.port ?? words.session.noPort}</Fact>
        <Fact name={word.free}>
          {totals.free === null ? words.unknown : format.size(totals.free)}
        </Fact>
      </dl>
      {facts !== null && (
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{word.now}</th>
              <th scope="col">{word.all}</th>
            </tr>
          </thead>
          <tbody>
            {([
              [word.downloaded, ({ downloadedBytes }) => format.size(downloadedBytes)],
              [word.uploaded, ({ uploadedBytes }) => format.size(uploadedBytes)],
              [word.ratio, (transfers) => format.ratio(ratioOf(transfers))],
              [word.active, ({ secondsActive }) => format.duration(secondsActive)],
              [word.torrents, ({ filesAdded }) => format.count(filesAdded)],
              [word.runs, ({ sessionCount }) => format.count(sessionCount)],
            ] as readonly (readonly [string, (transfers: Transfers) => string])[])
              .map(([name, of]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{of(facts["current-stats"])}</td>
                  <td>{of(facts["cumulative-stats"])}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

function ratioOf({ downloadedBytes, uploadedBytes }: Transfers): number | null {
  return downloadedBytes > 0 ? uploadedBytes / downloadedBytes : null;
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
