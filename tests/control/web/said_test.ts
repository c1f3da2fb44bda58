/** Every code that the manager can tell has words on the page, in every language: the compiler proves it here. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { StorageCause, TrackerFault } from "../../../src/base/mod.ts";
import type { RpcComplaint } from "../../../src/control/rpc/rpc_complaint.ts";
import { Format } from "../../../src/control/web/page/format.ts";
import { type Advised, said, type Saying, type Shown } from "../../../src/control/web/page/said.ts";
import type { Sayings, Values } from "../../../src/control/web/page/said.ts";
import { LANGUAGES, type Words } from "../../../src/control/web/page/words.ts";
import { rowOf } from "../../../src/control/web/row_of.ts";
import type { Examined, Finding, Trouble, Why } from "../../../src/manager/mod.ts";
import type { Cause, CauseCode, FailureReason } from "../../../src/session/mod.ts";
import { torrentView } from "../fake_manager.ts";

/** The values that a member of a union has, found by its code. */
type ValuesOf<Union, Code> = Union extends { code: infer Codes; values: infer Values }
  ? Code extends Codes ? Values : never
  : never;
/** Causes call their code otherwise. */
type CoddedCause = Cause extends infer Each
  ? Each extends { cause: infer Code; values: infer Values } ? { code: Code; values: Values }
  : never
  : never;
/** Words for each code of a union, which need no more than its values. */
type WordsFor<Union extends { code: string }, Word> = {
  readonly [Code in Union["code"]]: Saying<Shown<ValuesOf<Union, Code>>, Word>;
};
/** The codes of a list that the manager does not have: none. */
type Stale<Sayings, Codes> = Exclude<keyof Sayings, Codes>;

type Local = { code: FailureReason; values: { path: string | null; bytes: number | null } };
type Tracker = { code: `tracker-${TrackerFault | "warning"}`; values: { said: string } };
type Waits = {
  code: Exclude<Why["code"], "" | "trouble" | "stopped">;
  values: Required<Why["values"]>;
};
/** What the page itself finds wrong with a call. */
type Call = `http-${number}` | "unreachable" | "late";

const PROOF: {
  readonly causes: WordsFor<CoddedCause, Advised>;
  readonly findings: WordsFor<Examined, Advised>;
  readonly complaints: WordsFor<RpcComplaint, string>;
  readonly troubles: WordsFor<Local | Tracker, string>;
  readonly waits: WordsFor<Waits, string>;
  readonly trackerFaults: Readonly<Record<TrackerFault | "unsupported", string>>;
  readonly subjects: Readonly<Record<Finding["subject"], string>>;
  readonly conditions: Readonly<Record<Finding["state"], string>>;
} = LANGUAGES[0]!;

const NO_STALE: readonly (
  | Stale<Words["causes"], CauseCode>
  | Stale<Words["findings"], Examined["code"]>
  | Stale<Words["complaints"], RpcComplaint["code"] | Call>
  | Stale<Words["troubles"], (Local | Tracker)["code"]>
  | Stale<Words["waits"], Waits["code"]>
)[] = [];
// a type that is `never` takes nothing
const NEVER: readonly never[] = NO_STALE;

/** Values under every name that a sentence asks for: of one thing, and of many. */
const SOME: readonly Values[] = [1, 4321].flatMap((number): Values[] => {
  const numbers = Object.fromEntries(
    ["count", "total", "useful", "connected", "missing", "least", "most"].map((n) => [n, number]),
  );
  const texts = Object.fromEntries(
    ["name", "said", "path", "protocol", "open", "shut", "host", "year", "mapping", "fault"].map(
      (name) => [name, name === "fault" ? "silent" : `the-${name}`],
    ),
  );
  const units = Object.fromEntries(
    [
      "port",
      "seconds",
      "bytes",
      "totalBytes",
      "freeBytes",
      "neededBytes",
      "reserveBytes",
      "lackingBytes",
      "leftBytes",
      "rate",
      "writeRate",
      "readRate",
      "downRate",
      "upRate",
    ].map((name) => [name, number]),
  );
  const all = { ...numbers, ...texts, ...units, asking: true, alternative: true, long: true };
  return [all, { ...all, total: 5000 }, { ...all, total: 2, said: "" }];
});

/** The same without what its sentence can do without. */
function absent(list: keyof typeof PROOF, code: string): Values[] {
  const without = {
    causes: { name: null, seconds: null, bytes: null, totalBytes: null },
    troubles: { path: null, bytes: null },
    findings: code === "limits"
      ? { leftBytes: null }
      : code === "mapping-open"
      ? { host: null }
      : {},
  }[list as string] ?? {};
  return SOME.map((values) => ({ ...values, ...without }));
}

Deno.test("page: every code has words in every language, which are sentences", () => {
  assertEquals(NEVER, []);
  for (const words of LANGUAGES) {
    const format = new Format(words.grammar);
    for (const list of ["causes", "findings", "complaints", "troubles", "waits"] as const) {
      const sayings: Sayings<string | Advised> = words[list];
      assertEquals(Object.keys(sayings).sort(), Object.keys(PROOF[list]).sort());
      for (const code of Object.keys(sayings)) {
        for (const values of [...SOME, ...absent(list, code)]) {
          const [text, advice = ""] = [said(sayings, code, values, format) ?? ""].flat();
          const all = `${words.language} ${code}: ${text} ${advice}`;
          assert(!/undefined|\[object|NaN|null/.test(all), all);
          assertMatch(String(text), /^[\p{Lu}\p{N}\u2068“«].*[.:”»\u2069]$/u, all);
          assert(advice === "" || /\.$/.test(advice), all);
        }
      }
    }
  }
});

Deno.test("page: what the page has no words for is left to what the manager says", () => {
  const [words] = LANGUAGES;
  const format = new Format("en");
  for (const code of ["", "new-in-the-next-version", "constructor", "__proto__"]) {
    assertEquals(said<Advised>(words!.causes, code, {}, format), null);
  }
});

Deno.test("page: numbers in a sentence are by its locale, and their words by their number", () => {
  const [en, pt] = LANGUAGES.map((words) => {
    const format = new Format(words.grammar);
    const saying = (code: CauseCode, values: Values) =>
      said<Advised>(words.causes, code, values, format)?.[0];
    const refuses = { count: 1, total: 1, name: "t.example", said: "no \u202eaccount" };
    return [
      saying("connecting", { count: 1 }),
      saying("connecting", { count: 4321 }),
      saying("peers-gone", { seconds: 90 }),
      saying("tracker-silent", { count: 2, total: 2, name: null }),
      saying("tracker-silent", { count: 1, total: 1200, name: null }),
      saying("tracker-refuses", refuses),
      saying("disk-slow", { bytes: 1_500_000 }),
      saying("no-incoming", { port: 51413, mapping: null }),
      said<Advised>(words.causes, "no-incoming", { port: 1, mapping: "asking" }, format)?.[1],
    ];
  });
  assertEquals(en, [
    "1 connection is being made.",
    "4,321 connections are being made.",
    "The peers that were connected have left.",
    "Both trackers do not answer in time.",
    "One of 1,200 trackers does not answer in time.",
    "The tracker \u2068t.example\u2069 refuses this torrent: “\u2068no �account\u2069”.",
    "1.50 MB wait to be written.",
    "Nobody from outside is connected to our port 51413.",
    "The router is being asked to open it.",
  ]);
  assertEquals(pt, [
    "1 ligação está a ser feita.",
    "4321 ligações estão a ser feitas.",
    "Os pares que estavam ligados saíram.",
    "Ambos os rastreadores não respondem a tempo.",
    "Um de 1200 rastreadores não responde a tempo.",
    "O rastreador \u2068t.example\u2069 recusa este torrent: «\u2068no �account\u2069».",
    "1,50 MB estão à espera de ser escritos.",
    "Ninguém de fora está ligado à nossa porta 51413.",
    "Está a pedir-se ao router que a abra.",
  ]);
});

Deno.test("page: a row tells its trouble by a code that has words", () => {
  const troubles: Trouble[] = [
    { kind: "tracker-warning", message: "slow down" },
    { kind: "tracker-error", fault: "refuses", said: "no", message: "The tracker refused: no" },
    { kind: "local", reason: "disk-full", message: "full", path: "/d/a", missing: 2_000_000 },
  ];
  const format = new Format("pt-PT");
  const sentences = troubles.map((trouble) => {
    const told = rowOf(torrentView(1, { trouble })).trouble;
    return told && said<string>(LANGUAGES[1]!.troubles, told.code, told.values, format);
  });
  assertEquals(sentences, [
    "O rastreador avisa: «\u2068slow down\u2069»",
    "O rastreador recusa-o: «\u2068no\u2069»",
    "O disco está cheio: liberte mais 2,00 MB.",
  ]);
});

/** What a disk can be wrong with has words, too: by its type above. */
const _: `storage-${StorageCause}` extends keyof Words["complaints"] ? true : never = true;
