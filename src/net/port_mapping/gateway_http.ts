/** HTTP with a gateway: one short question, one short answer, and never anywhere else. */
import { messageOf } from "../../base/mod.ts";
import { readBody, USER_AGENT } from "../http.ts";
import { HttpError, networkError } from "../http_error.ts";

/** Bytes of the longest answer: some routers' descriptions have 20 KB. */
const MOST_BYTES = 64 * 1024;
const TIMEOUT_MS = 5_000;

/** The gateway gave nothing that could be used; the message is for people. */
export class GatewayError extends Error {
  override name = "GatewayError";
}

/** What is posted; null: the URL is only got. */
export interface Post {
  readonly action: string;
  readonly body: string;
}

/** What a gateway answers at `url`, which was judged. Rejects with {@linkcode GatewayError}. */
export async function askGateway(
  url: URL,
  post: Post | null,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0, http2: false });
  const ended = new AbortController();
  const stop = () => ended.abort();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
  }, TIMEOUT_MS);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const response = await fetch(url, {
      client,
      redirect: "manual",
      signal: ended.signal,
      headers: {
        "user-agent": USER_AGENT,
        ...(post === null
          ? {}
          : { "content-type": 'text/xml; charset="utf-8"', "soapaction": post.action }),
      },
      ...(post === null ? {} : { method: "POST", body: post.body }),
    });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new GatewayError("it sends us elsewhere");
    }
    const text = new TextDecoder().decode(await readBody(response, MOST_BYTES, ended.signal));
    return { status: response.status, text };
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (late) throw new GatewayError("it does not answer in time");
    if (error instanceof HttpError) {
      throw new GatewayError("it answers more than a gateway has to say");
    }
    throw new GatewayError(messageOf(networkError(error, url.host)));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    client.close();
  }
}
