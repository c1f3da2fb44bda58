import { actCommand } from "../manager/act_command.ts";

/** `tm reannounce ID…` */
export const reannounce = actCommand({
  name: "reannounce",
  summary: "Ask for more peers now",
  about: "Of trackers and the DHT, as far as they allow to be asked again.",
  method: "torrent-reannounce",
  event: "reannounced",
  done: "Asking for peers of",
  examples: [["tm reannounce 3", "One torrent"]],
});
