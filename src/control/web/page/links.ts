/** The lines of a text that name a torrent. */
export function linksIn(text: string): string {
  return text.split(/\s+/)
    .filter((word) => /^(?:magnet:\?|https?:\/\/|[0-9a-f]{40}$)/i.test(word))
    .join("\n");
}
