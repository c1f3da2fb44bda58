/** Reads server-sent events off a body: the browser's own reader cannot send who we are. */

/** Calls `onData` with the data of each event until the body ends; rejects when it breaks. */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onData: (data: string) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = `${rest}${value}`.split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data:"));
      if (data.length > 0) onData(data.map((line) => line.slice(5).trimStart()).join("\n"));
    }
  }
}
