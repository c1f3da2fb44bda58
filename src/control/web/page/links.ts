/** The lines of a text that name a torrent. */
export function linksIn(text: string): string {
  return text.split(/\s+/)
    .filter((word) => /^(?:magnet:\?|https?:\/\/|[0-9a-f]{40}$)/i.test(word))
    .join("\n");
}

/** A link or hash, of which the files are not known yet. */
export function isMagnet(text: string): boolean {
  return /^(?:magnet:|[0-9a-z]{32,64}$)/i.test(text);
}

/** It could be a link, an address or a hash, or the path of a torrent file at the manager. */
export function mayNameTorrent(text: string): boolean {
  // an address of the web has a slash, too
  return isMagnet(text) || text.includes("/") || /\.torrent$/i.test(text);
}
