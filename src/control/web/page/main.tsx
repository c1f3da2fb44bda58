/** Where the page starts. */
import { render } from "preact";
import { App } from "./app.tsx";
import { BROWSER } from "./browser_view.ts";
import type { Row } from "../row.ts";
import { tame } from "./format.ts";
import { chooseLanguage, type Speech, speechOf } from "./language.ts";
import { LiveStream } from "./live.ts";
import { KEY, Login, type Outcome, type Post } from "./login.ts";
import { LoginForm } from "./login_form.tsx";
import { Model } from "./model.ts";
import { Rpc } from "./rpc.ts";
import { type Tools, ToolsProvider } from "./tools.ts";

const memory = storeOf("localStorage");

let drawing = false;
const model = new Model(() => {
  if (drawing) return;
  drawing = true;
  // one drawing for all that changes until then
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
});

const login = new Login(storeOf("sessionStorage"), memory);
const rpc = new Rpc({ headers: () => login.headers, onLocked: expire });
const post: Post = (path, authorization) => rpc.post(path, { authorization });

let tools = toolsOf(speechOf(memory, navigator.languages));

function toolsOf({ words, format, chosen }: Speech): Tools {
  document.documentElement.lang = words.language;
  return {
    words,
    format,
    language: chosen,
    speak,
    rpc,
    say: (message) => model.say(message),
    said: () => model.message,
    attempt: async (call) => {
      try {
        return await call;
      } catch (error) {
        model.say(words.failed(error instanceof Error ? error.message : String(error)));
        return null;
      }
    },
  };
}

/** The page goes on in another language. */
function speak(language: string | null): void {
  chooseLanguage(memory, language);
  tools = toolsOf(speechOf(memory, navigator.languages));
  draw();
}

function draw(): void {
  const root = document.getElementById("app");
  if (root === null) return;
  render(
    <ToolsProvider value={tools}>
      {model.locked
        ? <LoginForm onEnter={enter} />
        : <App model={model} onLeave={login.known ? () => void leave() : null} />}
    </ToolsProvider>,
    root,
  );
}

/** Whoever does not look at the list hears of it, too. */
function announce(completed: readonly Row[]): void {
  const [only] = completed;
  if (only === undefined) return;
  const one = completed.length === 1;
  const { words, format } = tools;
  model.say(
    one ? words.completed(tame(only.name)) : words.completedMany(format.counted(completed.length)),
  );
}

async function enter(user: string, password: string, stay: boolean): Promise<Outcome> {
  const outcome = await login.enter(post, user, password, stay);
  if (outcome === "in") unlock();
  return outcome;
}

async function leave(): Promise<void> {
  lock();
  if (!await login.leave(post)) unlock();
}

/** A call with these headers was refused. True: the manager wants the password, the first time or again. */
function expire(headers: Login["headers"]): boolean {
  const isNeeded = login.refused(headers);
  if (isNeeded) lock();
  return isNeeded;
}

/** The password was given, or is not wanted. */
function unlock(): void {
  model.unlock();
  live.open();
}

/** What the page knew is forgotten, until somebody gives the password. */
function lock(): void {
  if (model.locked) return;
  live.close();
  model.lock();
}

/** A store of the browser; null when it has none for pages, as some settings have it. */
function storeOf(name: "sessionStorage" | "localStorage"): Storage | null {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
}

draw();
const live = new LiveStream({
  view: BROWSER,
  headers: () => login.headers,
  ask: (headers, signal) =>
    fetch("/web/events", { signal, headers, credentials: "omit", cache: "no-store" }),
  onEvent: (event) => announce(model.receive(event, Date.now())),
  onConnection: (connection) => {
    const isBack = connection === "live" && !["connecting", "live"].includes(model.connection);
    if (isBack) model.say(tools.words.restored);
    model.connect(connection);
  },
  onLocked: expire,
});
// another window of this page has logged out, or in
addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key !== KEY) return;
  if (newValue === null) {
    if (oldValue !== null && login.has(oldValue)) expire(login.headers);
  } else if (model.locked) {
    login.adopt(newValue);
    unlock();
  }
});
