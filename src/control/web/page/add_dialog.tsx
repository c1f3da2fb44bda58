import { useEffect, useRef, useState } from "preact/hooks";
import type { Arrivals } from "./arrivals.ts";
import type { Choosing } from "./choose_dialog.tsx";
import { Dialog } from "./dialog.tsx";
import { Check, Field } from "./fields.tsx";
import { isolated, tame } from "./format.ts";
import { isMagnet, mayNameTorrent } from "./links.ts";
import { type Tools, useTools } from "./tools.ts";

/** What a body of the RPC can hold. */
const MAX_TORRENT = 24 * 1024 * 1024;

interface Named {
  readonly id: number;
  readonly name: string;
}

/** What was added; not new: it was there. */
interface Added extends Named {
  readonly isNew: boolean;
}

/** Links and files to add, with where to and whether to start. */
export function AddDialog(
  { arrivals, onClose, onChooseFiles }: {
    readonly arrivals: Arrivals;
    readonly onClose: () => void;
    readonly onChooseFiles: (choosing: readonly Choosing[]) => void;
  },
) {
  const tools = useTools();
  const { words, notices } = tools;
  const [links, setLinks] = useState("");
  const [files, setFiles] = useState<readonly File[]>([]);
  const [location, setLocation] = useState("");
  const [isPaused, setPaused] = useState(false);
  const [choosing, setChoosing] = useState(false);
  /** Times that something came by itself. */
  const came = useRef(0);

  useEffect(() => {
    const take = () => {
      const { links: more, files: moreFiles } = arrivals;
      arrivals.links = "";
      arrivals.files = [];
      came.current++;
      setLinks((before) => [before, more].filter((each) => each !== "").join("\n"));
      setFiles((before) => [...before, ...moreFiles]);
    };
    take();
    arrivals.onMore = take;
    return () => {
      arrivals.onMore = () => {};
    };
  }, []);

  const onGo = async () => {
    const lines = links.split("\n").map((line) => line.trim()).filter((line) => line !== "");
    if (lines.length + files.length === 0) {
      notices.warn(words.addNothing);
      return false;
    }
    const before = came.current;
    const options = {
      ...(location.trim() === "" ? {} : { "download-dir": location.trim() }),
      // not given, it is as the settings say
      ...(isPaused || choosing ? { paused: true } : {}),
      // all of them: none comes, whatever happens, before somebody said which
      ...(choosing ? { "files-unwanted": [] } : {}),
    };
    const failedLines: string[] = [];
    const failedFiles: File[] = [];
    const toChoose: Choosing[] = [];
    const all: Added[] = [];
    const note = (added: Added) => {
      const { id, name, isNew } = added;
      all.push(added);
      if (choosing && isNew) toChoose.push({ id, name, isNew, start: !isPaused });
    };
    for (const file of files) {
      const added = await addFile(tools, file, options);
      if (added === null) failedFiles.push(file);
      else note(added);
    }
    for (const filename of lines) {
      if (!mayNameTorrent(filename)) {
        notices.warn(words.addUnknown(isolated(filename)));
        failedLines.push(filename);
        continue;
      }
      // it has to run for its files to be known
      const running = choosing && isMagnet(filename) ? { paused: false } : {};
      const added = await addOne(tools, { ...options, ...running, filename });
      if (added === null) failedLines.push(filename);
      else note(added);
    }
    onChooseFiles(toChoose);
    tell(tools, all);
    // what could not be added stays, to be put right, and what came in the meantime
    setLinks((now) => [...failedLines, now.slice(links.length).trim()].join("\n").trim());
    setFiles((now) => [...failedFiles, ...now.slice(files.length)]);
    return failedLines.length + failedFiles.length === 0 && came.current === before;
  };

  return (
    <Dialog title={words.addTitle} go={words.add} onGo={onGo} onClose={onClose}>
      <Field label={words.addLink}>
        <textarea
          rows={3}
          spellcheck={false}
          autofocus
          value={links}
          onInput={({ currentTarget }) => setLinks(currentTarget.value)}
        />
      </Field>
      <Field label={words.addFiles} hint={words.addDrop}>
        <input
          type="file"
          multiple
          accept=".torrent,application/x-bittorrent"
          onChange={({ currentTarget }) => {
            const chosen = [...currentTarget.files ?? []];
            setFiles((before) => [...before, ...chosen]);
            currentTarget.value = "";
          }}
        />
      </Field>
      {files.length > 0 && (
        <ul class="names">
          {files.map((file, index) => (
            <li key={index}>
              <bdi>{tame(file.name)}</bdi>
            </li>
          ))}
        </ul>
      )}
      <Field label={words.addLocation} hint={words.addLocationHint}>
        <input
          value={location}
          onInput={({ currentTarget }) => setLocation(currentTarget.value)}
        />
      </Field>
      <Check label={words.addPaused} value={isPaused} onChange={setPaused} />
      <Check
        label={words.addChoose}
        hint={words.addChooseHint}
        value={choosing}
        onChange={setChoosing}
      />
    </Dialog>
  );
}

async function addFile(
  tools: Tools,
  file: File,
  options: Readonly<Record<string, unknown>>,
): Promise<Added | null> {
  if (file.size > MAX_TORRENT) {
    tools.notices.warn(tools.words.addLarge(isolated(file.name)));
    return null;
  }
  const metainfo = await tools.attempt(base64Of(file));
  return metainfo === null ? null : await addOne(tools, { ...options, metainfo });
}

async function addOne(
  { rpc, attempt }: Tools,
  args: Readonly<Record<string, unknown>>,
): Promise<Added | null> {
  const answer = await attempt(
    rpc.call<{ "torrent-added"?: Named; "torrent-duplicate"?: Named }>("torrent-add", args),
  );
  const { "torrent-added": added, "torrent-duplicate": duplicate } = answer ?? {};
  const named = added ?? duplicate;
  return named === undefined ? null : { ...named, isNew: added !== undefined };
}

/** Says in one sentence what came of it: a hundred at a time are no hundred messages. */
function tell({ notices, words, format }: Tools, all: readonly Added[]): void {
  const [first] = all;
  if (first === undefined) return;
  const fresh = all.filter(({ isNew }) => isNew);
  if (all.length > 1) {
    const known = format.counted(all.length - fresh.length);
    return notices.say(words.addedMany(format.counted(fresh.length), known));
  }
  notices.say((first.isNew ? words.added : words.duplicate)(isolated(first.name)));
}

function base64Of(file: File): Promise<string> {
  const done = Promise.withResolvers<string>();
  const reader = new FileReader();
  // data:…;base64,AAAA
  reader.onload = () => done.resolve(String(reader.result).replace(/^[^,]*,/, ""));
  reader.onerror = () => done.reject(reader.error);
  reader.readAsDataURL(file);
  return done.promise;
}
