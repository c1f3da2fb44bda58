/**
 * An HTTP proxy in a network namespace: http_proxy.ts ADDRESS PORT NAME=ADDRESS…. Prints a line of JSON when it is up, and
 * one for each new target.
 */
const [hostname = "", port = "", ...names] = Deno.args;
const places = new Map(names.map((each) => each.split("=") as [string, string]));
const credentials = `Basic ${btoa("me:hunter2")}`;
const known = new Set<string>();

Deno.serve({
  hostname,
  port: Number(port),
  onListen: () => say({ type: "up" }),
}, async (request) => {
  if (request.headers.get("proxy-authorization") !== credentials) {
    return new Response("", { status: 407 });
  }
  const url = new URL(request.url);
  const target = `http ${url.host}`;
  if (!known.has(target)) say({ type: "target", target });
  known.add(target);
  const place = places.get(url.hostname);
  if (place === undefined) return new Response("", { status: 502 });
  url.hostname = place;
  const headers = new Headers(request.headers);
  headers.delete("proxy-authorization");
  return await fetch(url, { headers, redirect: "manual" });
});

function say(event: unknown): void {
  // deno-lint-ignore no-console -- a script's output
  console.log(JSON.stringify(event));
}
