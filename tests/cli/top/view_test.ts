import { assert, assertEquals, assertLessOrEqual, assertStringIncludes } from "@std/assert";
import { readReasons } from "../../../src/cli/manager/reasons.ts";
import { readPeers, readStatus, readTrackers } from "../../../src/remote/mod.ts";
import { width } from "../../../src/cli/printable.ts";
import { torrent } from "../fake_manager.ts";
import { files, four, Lab } from "./lab.ts";

Deno.test("top: the list at 80 columns: hostile names, wide characters, what is wrong", async () => {
  const lab = await four(80, 12);
  assertEquals(
    lab.press("end").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
   1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
>  4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G




No space left on the disk
 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort`,
  );
});

Deno.test("top: a wide screen has all columns", async () => {
  assertEquals(
    (await four(120, 9)).screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                                                            ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                                           State        Done Down/s  Up/s   Left Peers Ratio  Size Label
>  1 debian-12.5.0-amd64-netinst.iso                downloading   75%   1.2M     -  3m20s     3  0.50  1.0G linux,iso
   2 Sintel                                         seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクション第二巻                   checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new                                error         75%      -     -      -     3  0.50  1.0G


 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort   d u limits`,
  );
});

Deno.test("top: a small screen has less", async () => {
  assertEquals(
    (await four(40, 9)).screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents
  Name                       Done Down/s
> debian-12.5.0-amd64-netin…  75%   1.2M
  Sintel                     100%      -
  日本の映画コレクション第…   75%      -
  evilgpj.exe new             75%      -


 ? keys   q quit   Enter open   p pause`,
  );
  assertEquals(
    (await four(20, 5)).screen(),
    `\
 tm top 127.0.0.1:9…
  Name
> debian-12.5.0-amd…

 ? keys   q quit`,
  );
});

Deno.test("top: all keys, in two columns or one that scrolls", async () => {
  assertEquals(
    (await four(80, 24)).press("?").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
 ↑ ↓ j k   one line                        p         pause or resume
 PgUp PgDn a screen                        P         start now, past the queue
 Home End  first, last                     x         forget the torrent (asks)
 Enter →   open what is below              X         delete its files too (asks)
 Esc ←     back, close, no filter          v         verify what is on disk
 1 2 3 4   details, files, peers, trackers a         ask trackers for more peers
 Tab       the next of these               K J       up, down in the queue
                                           T B       to its top, bottom
 /         find a name; n N the next       d u       download, upload limit
 f         filter: state, label:NAME, name D U       the same of all together
 s S r     next, previous order; reverse   A         alternative limits on, off
 ?         these keys
 Ctrl-L    draw everything again           + -       file: more, less urgent
 Ctrl-Z    leave the screen, to be stopped Space     file: on, off
 q Ctrl-C  quit; the manager goes on







 Esc back   ↑↓ move   q quit`,
  );
  assertEquals(
    (await four(40, 10)).press("?", "page-down").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents
 Tab       the next of these

 /         find a name; n N the next
 f         filter: state, label:NAME, n…
 s S r     next, previous order; reverse
 ?         these keys
 Ctrl-L    draw everything again

 Esc back   ↑↓ move   q quit`,
  );
});

Deno.test("top: what removes asks, and says what it deletes", async () => {
  assertEquals(
    (await four(60, 12)).press("X").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents
  ID Name              State        Done Down/s  Up/s   Left
>  1 debian-12.5.0-am… downloading   75%   1.2M     -  3m20s
   2 Sintel            seeding      100%      - 50.0K      -
   3 日本の映画コレク… checking 42%  75%      -     -      -
   4 evilgpj.exe new   error         75%      -     -      -




DELETE the files of debian-12.5.… (750.0 MiB) and forget it?
 y yes   any other key: no`,
  );
  assertEquals(
    (await four(40, 12)).press("end", "x").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents
  Name                       Done Down/s
  debian-12.5.0-amd64-netin…  75%   1.2M
  Sintel                     100%      -
  日本の映画コレクション第…   75%      -
> evilgpj.exe new             75%      -




Forget evilgpj.exe new? Its files stay.
 y yes   any other key: no`,
  );
});

Deno.test("top: a mistake in a prompt is told above it", async () => {
  const lab = await four(80, 10);
  assertEquals(
    lab.press("f").type("seedign").press("enter").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G

Unknown state seedign; did you mean seeding? For names: *seedign*
Filter: seedign_
 Enter take   Esc leave`,
  );
});

Deno.test("top: a prompt says whose limit it is", async () => {
  assertEquals(
    (await four(80, 10)).press("d").type("2M").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G


Download limit of debian-12.5.0-amd64-netinst.iso (2M, off): 2M_
 Enter take   Esc leave`,
  );
});

Deno.test("top: files below the list, with a cursor of their own", async () => {
  const content = files(
    ["show/a.mkv"],
    ["show/日本語 extras.mkv", false],
    ["show/\x1b[31mred.txt"],
  );
  const lab = await four();
  assertEquals(
    lab.press("down", "enter", "2").panel(content).press("down").screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
   1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
>  2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G
>files: Sintel
  No  Done  Size  Wanted  Path
   1    0%  1.0M  normal  show/a.mkv
>  2    0%  2.0M  off     show/日本語 extras.mkv
   3    0%  2.9M  normal  show/red.txt












 ? keys   Esc back   Tab next   + - priority   Space on/off`,
  );
});

Deno.test("top: details with the cause of a wait, trackers with their words, peers", async () => {
  const one = torrent(1, "debian-12.5.0-amd64-netinst.iso", {
    downloadDir: "/srv/torrents",
    haveValid: 750 * 2 ** 20,
    totalSize: 1000 * 2 ** 20,
    pieceCount: 1000,
    pieceSize: 2 ** 20,
    peersSendingToUs: 0,
    trackerStats: [{
      id: 1,
      announce: "http://t.example/announce",
      hasAnnounced: true,
      lastAnnounceResult: "Connection refused",
      lastAnnounceSucceeded: false,
    }],
  });
  const details = {
    tab: "details",
    status: readStatus(one, {}),
    reasons: readReasons(one, {}),
  } as const;
  assertEquals(
    (await four(80, 30)).press("enter").panel(details).screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G
>details: debian-12.5.0-amd64-netinst.iso                            1-21 of 24
  Name       debian-12.5.0-amd64-netinst.iso
  Number     1, place 1 in the queue
  Info hash  0101010101010101010101010101010101010101
  State      downloading
  Why        3 connected, and none sends: they lack the pieces, or let others go
             first
             → wait, or ask for more peers with tm reannounce
             the tracker http://t.example/announce failed: Connection refused
             → it is asked again by itself; tm trackers shows when
  Folder     /srv/torrents

  Done       75%, 750.0 MiB of 1000.0 MiB
  Available  0% of what is missing
  Down       0 B/s, 0 B in all
  Up         0 B/s, 0 B in all, ratio 0.50
  Peers      3 connected, 0 send to us, 1 get from us

  Limits     down none, up none
  Goals      ratio as the manager's, idle as the manager's
  Priority   normal


 ? keys   Esc back   Tab next   ↑↓ move`,
  );
  assertEquals(
    (await four(80, 16)).press("4").panel({ tab: "trackers", trackers: readTrackers(one) })
      .screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G
 trackers: debian-12.5.0-amd64-netinst.iso
  No  Tier  State   Seeds  Others  Next  URL
   1     1  failed      -       -     -  http://t.example/announce
      Connection refused





 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort`,
  );
  const peers = readPeers({
    peers: [{
      address: "2001:db8::7",
      port: 6881,
      clientName: "TorrentManager 0.4",
      progress: 0.5,
      rateToClient: 204_800,
      rateToPeer: 0,
      flagStr: "DE",
    }],
  });
  assertEquals(
    (await four(80, 16)).press("3").panel({ tab: "peers", peers }).screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
   4 evilgpj.exe new     error         75%      -     -      -     3  0.50  1.0G
 peers: debian-12.5.0-amd64-netinst.iso
  Address             Has  Down/s  Up/s  Flags  Program
  [2001:db8::7]:6881  50%    200K     -  DE     TorrentManager 0.4






 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort`,
  );
});

Deno.test("top: a manager that is away is told below what it said last", async () => {
  const words =
    "No manager at 127.0.0.1:9091; start one with tm daemon, or name another with --host";
  const lab = await four(80, 8);
  lab.happen({ type: "failed", of: "list", words, answered: false }).tick(12_000);
  assertEquals(
    lab.screen(),
    `\
 tm top 127.0.0.1:9091 · 4 torrents                    ↓ 1.2 MiB/s ↑ 50.0 KiB/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
>  1 debian-12.5.0-amd6… downloading   75%   1.2M     -  3m20s     3  0.50  1.0G
   2 Sintel              seeding      100%      - 50.0K      -     3 12.35  1.0G
   3 日本の映画コレクシ… checking 42%  75%      -     -      -     3  0.50  1.0G
No manager at 127.0.0.1:9091; start one with tm daemon, or name another with
--host (no answer for 12s, trying again)
 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort`,
  );
});

Deno.test("top: no torrents, and no answer so far", () => {
  assertEquals(
    new Lab(80, 6).list([]).screen(),
    `\
 tm top 127.0.0.1:9091 · 0 torrents                             ↓ 0 B/s ↑ 0 B/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
  No torrents; tm add hands one over


 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort`,
  );
  assertEquals(
    new Lab(80, 6).screen(),
    `\
 tm top 127.0.0.1:9091 · waiting for an answer                  ↓ 0 B/s ↑ 0 B/s
  ID Name                State        Done Down/s  Up/s   Left Peers Ratio  Size
  …


 ? keys   q quit   Enter open   p pause   x remove   / find   f filter   s sort`,
  );
});

Deno.test("top: every size has its lines, none wider than it, whatever is open", async () => {
  const content = files(["a/b"], ["a/c"], ["a/日本語日本語日本語"]);
  for (let columns = 1; columns <= 130; columns += columns < 30 ? 1 : 17) {
    for (const rows of [1, 2, 3, 4, 5, 7, 11, 12, 13, 24]) {
      for (const keys of ["", "?", "2", "X", "/x", "d", "f"]) {
        const lab = (await four(columns, rows)).type(keys);
        if (keys === "2") lab.panel(content).press("enter", "down");
        const lines = lab.lines();
        assertEquals(lines.length, rows);
        for (const line of lines) assertLessOrEqual(width(line), columns, `${columns}x${rows}`);
      }
    }
  }
});

Deno.test("top: of 5,000 torrents only those that are seen are written", () => {
  let read = 0;
  const lab = new Lab(80, 24).list(
    Array.from({ length: 5000 }, (_, i) => {
      const hashString = (i + 1).toString(16).padStart(40, "0");
      return torrent(i + 1, `torrent ${i + 1}`, { hashString });
    }),
  );
  const watched = lab.state.shown.map((summary) => ({
    ...summary,
    get name() {
      read++;
      return summary.name;
    },
  }));
  lab.press("end");
  lab.state = { ...lab.state, shown: watched };
  read = 0;
  const screen = lab.screen();
  assertStringIncludes(screen, "> 5000 torrent 5000");
  assertStringIncludes(screen, "  4981 torrent 4981");
  assert(read <= 24, `${read} names were read`);
});
