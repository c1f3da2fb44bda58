import { actCommand } from "../manager/act_command.ts";

/** `tm pause ID…` */
export const pause = actCommand({
  name: "pause",
  summary: "Stop torrents",
  about: "They stay, with what they have, until tm resume.",
  method: "torrent-stop",
  event: "paused",
  done: "Paused",
  examples: [
    ["tm pause 3", "One"],
    ["tm pause is:seeding", "All that seed"],
  ],
});
