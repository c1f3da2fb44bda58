/**
 * `deno task interop`: runs the interop tests, then prints what each showed as a table of clients, features and
 * directions, and writes it to `dist/interop.md` as in the README. Arguments are the tests' own, as in
 * `tests/interop/suite.ts`. Exit code 0 only when every test passed and, unless `--client` chose some of them,
 * every declared cell was tried.
 */
import { missing, NOTES, parseNotes } from "./interop/notes.ts";
import { asMarkdown, asText } from "./interop/table.ts";

/** Test files at a time, each with networks of its own: they wait more than they work. */
const JOBS = "5";

/** Files that take a minute or more, the longest first, so that none of them is begun last; the others follow. */
const LONGEST = [
  "features/qbittorrent_test.ts",
  "features/rtorrent_test.ts",
  "dht_test.ts",
  "features/transmission_test.ts",
  "transmission_test.ts",
  "features/libtorrent_test.ts",
  "features/aria2_test.ts",
];

/** The other programs by the names of their Debian packages. */
const PACKAGES: Readonly<Record<string, string>> = {
  "python3-libtorrent": "libtorrent",
  aria2: "aria2",
  "transmission-daemon": "Transmission",
  "qbittorrent-nox": "qBittorrent",
  rtorrent: "rtorrent",
  opentracker: "opentracker",
};

/** What npm installs of the one that is not Debian's. */
const WEBTORRENT = `${import.meta.dirname}/../tests/interop/webtorrent/package.json`;

function say(line: string): void {
  // deno-lint-ignore no-console -- a script's output
  console.log(line);
}

/** The date, and which versions ran. */
async function describeRun(): Promise<string> {
  const today = new Date().toISOString().slice(0, 10);
  const query = new Deno.Command("dpkg-query", {
    args: ["-W", "-f=${Package} ${Version}\n", ...Object.keys(PACKAGES)],
    stdout: "piped",
    stderr: "null",
  });
  const output = await query.output().then(({ stdout }) => new TextDecoder().decode(stdout))
    .catch(() => "");
  const versions = output.split("\n").flatMap((line) => {
    const [name = "", version = ""] = line.split(" ");
    // Without the distribution's own count, and without the commit of what was never released.
    return name === ""
      ? []
      : [`${PACKAGES[name]} ${version.replace(/-[^-]*$|\.[0-9a-f]{6,}/g, "")}`];
  });
  const { dependencies: { webtorrent } } = JSON.parse(await Deno.readTextFile(WEBTORRENT));
  return `${today}: ${[...versions, `webtorrent ${webtorrent}`].join(", ")}`;
}

// `deno task interop -- …` hands on the separator too; a second one would hide all that follows.
const given = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
const root = `${import.meta.dirname}/..`;
const folder = await Deno.makeTempDir({ prefix: "tm-interop-notes-" });
try {
  const path = `${folder}/notes`;
  await Deno.writeTextFile(path, "");
  const separator = given.length === 0 ? [] : ["--"];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--parallel", "--allow-all"],
      ...LONGEST.map((file) => `tests/interop/${file}`),
      ...["tests/interop", ...separator, ...given],
    ],
    cwd: root,
    env: { [NOTES]: path, DENO_JOBS: Deno.env.get("DENO_JOBS") ?? JOBS },
  }).spawn().status;
  const notes = parseNotes(await Deno.readTextFile(path));
  const run = await describeRun();
  say(`\n${asText(notes, run)}`);
  await Deno.mkdir(`${root}/dist`, { recursive: true });
  await Deno.writeTextFile(`${root}/dist/interop.md`, asMarkdown(notes, run));
  const chosen = given.some((argument) => /^--(client|feature)/.test(argument));
  const untried = chosen ? [] : missing(notes);
  for (const cell of untried) say(`Not tried: ${cell}`);
  Deno.exitCode = code === 0 && untried.length > 0 ? 1 : code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
