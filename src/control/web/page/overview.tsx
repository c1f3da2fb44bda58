import type { ComponentChildren } from "preact";
import type { Row } from "../row.ts";
import { tame } from "./format.ts";
import { stateWord } from "./list_model.ts";
import { PieceMap } from "./piece_canvas.tsx";
import { RateGraph } from "./rate_graph.tsx";
import type { RateHistory } from "./rate_history.ts";
import { said, type Values } from "./said.ts";
import { type CauseFacts, Told, Trouble } from "./told.tsx";
import { useTools } from "./tools.ts";
import { useTorrent } from "./use_torrent.ts";

interface Facts {
  readonly addedDate: number;
  readonly comment: string;
  readonly corruptEver: number;
  readonly creator: string;
  readonly dateCreated: number;
  readonly doneDate: number;
  readonly downloadDir: string;
  readonly downloadedEver: number;
  readonly hashString: string;
  readonly isPrivate: boolean;
  readonly pieceCount: number;
  readonly pieceSize: number;
  readonly pieces: string;
  readonly uploadedEver: number;
  readonly why: null | {
    readonly code: string;
    readonly values: Values;
    readonly causes: readonly CauseFacts[];
  };
}

const FIELDS = [
  "addedDate",
  "comment",
  "corruptEver",
  "creator",
  "dateCreated",
  "doneDate",
  "downloadDir",
  "downloadedEver",
  "hashString",
  "isPrivate",
  "pieceCount",
  "pieceSize",
  "pieces",
  "uploadedEver",
  "why",
] as const;

/** Facts of a torrent, its pieces and its rates. */
export function Overview({ row, history }: { readonly row: Row; readonly history: RateHistory }) {
  const { words, format } = useTools();
  const { torrent } = useTorrent<Facts>(row.id, FIELDS);
  const { facts } = words;
  if (torrent === undefined) return <p>{words.loading}</p>;
  if (torrent === null) return <p>{words.gone}</p>;
  const { code = "", values = {}, causes = [] } = torrent.why ?? {};
  const wait = said<string>(words.waits, code, values, format);
  const date = (seconds: number) => format.date(seconds * 1000);
  return (
    <>
      <RateGraph rates={history.of(row.id)} now={history.all.last} down={row.down} up={row.up} />
      {torrent.pieceCount > 0 && <PieceMap base64={torrent.pieces} count={torrent.pieceCount} />}
      <dl>
        <Fact name={facts.state}>
          {words.states[stateWord(row)]}
          {row.trouble !== null && <Trouble trouble={row.trouble} />}
        </Fact>
        {wait !== null && (
          <Fact name={facts.why}>
            {wait}
            <ul>
              {causes.map((cause, index) => (
                <li key={index}>
                  <Told sayings={words.causes} code={cause.cause} told={cause} />
                </li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact name={facts.progress}>
          {format.percent(row.progress)} · {format.size(row.done)}
        </Fact>
        <Fact name={facts.left}>{format.duration(row.eta)}</Fact>
        <Fact name={facts.size}>{row.nameless ? "–" : format.size(row.size)}</Fact>
        <Fact name={facts.downloaded}>{format.size(torrent.downloadedEver)}</Fact>
        <Fact name={facts.uploaded}>{format.size(torrent.uploadedEver)}</Fact>
        <Fact name={facts.ratio}>{format.ratio(row.ratio)}</Fact>
        {torrent.corruptEver > 0 && (
          <Fact name={facts.corrupt}>{format.size(torrent.corruptEver)}</Fact>
        )}
        <Fact name={facts.location}>{tame(torrent.downloadDir)}</Fact>
        <Fact name={facts.added}>{date(torrent.addedDate)}</Fact>
        {torrent.doneDate > 0 && <Fact name={facts.done}>{date(torrent.doneDate)}</Fact>}
        {!row.nameless && (
          <Fact name={facts.pieces}>
            {format.count(torrent.pieceCount)} × {format.size(torrent.pieceSize)}
          </Fact>
        )}
        <Fact name={facts.hash}>
          <code>{torrent.hashString}</code>
        </Fact>
        <Fact name={facts.private}>{torrent.isPrivate ? words.yes : words.no}</Fact>
        {torrent.comment !== "" && <Fact name={facts.comment}>{tame(torrent.comment)}</Fact>}
        {torrent.creator !== "" && <Fact name={facts.creator}>{tame(torrent.creator)}</Fact>}
        {torrent.dateCreated > 0 && <Fact name={facts.created}>{date(torrent.dateCreated)}</Fact>}
      </dl>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  );
}
