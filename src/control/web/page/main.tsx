/** Where the page starts. */
import { render } from "preact";
import { App } from "./app.tsx";
import { BROWSER } from "./browser_view.ts";
import { isolated } from "./format.ts";
import { Gathering } from "./gathering.ts";
import { chooseLanguage, type Speech, speechOf } from "./language.ts";
import { keepFocus } from "./keep_focus.ts";
import { chooseLetterKeys, letterKeysOf } from "./letter_keys.ts";
import { LiveStream } from "./live.ts";
import { Login, type Outcome, type Post, TOKEN_KEY } from "./login.ts";
import { LoginForm } from "./login_form.tsx";
import { Model } from "./model.ts";
import { type After, Notices } from "./notices.ts";
import { CallFailed, messageOf, Rpc } from "./rpc.ts";
import { said } from "./said.ts";
import { type Tools, ToolsProvider } from "./tools.ts";

const memory = storeOf("localStorage");

let drawing = false;
const model = new Model(redraw);

const after: After = (ms, fn) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
};
const notices = new Notices(redraw, after);
/** Whoever does not look at the list hears of it, too. */
const completed = new Gathering<string>(after, (names) => {
  const [only = ""] = names;
  const { words, format } = tools;
  const one = names.length === 1;
  notices.say(
    one ? words.completed(isolated(only)) : words.completedMany(format.counted(names.length)),
  );
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
    letterKeys: letterKeysOf(memory),
    setLetterKeys,
    rpc,
    notices,
    attempt: async (call) => {
      try {
        return await call;
      } catch (error) {
        const complaint = error instanceof CallFailed ? error.complaint : null;
        const what = complaint === null
          ? null
          : said<string>(words.complaints, complaint.code, complaint.values, format);
        if (what === null) notices.warn(words.failed, messageOf(error));
        else notices.warn(`${words.failed} ${what}`);
        return null;
      }
    },
  };
}

/** Soon, once for all that changes until then. */
function redraw(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

/** The page goes on in another language. */
function speak(language: string | null): void {
  chooseLanguage(memory, language);
  tools = toolsOf(speechOf(memory, navigator.languages));
  draw();
}

function setLetterKeys(isOn: boolean): void {
  chooseLetterKeys(memory, isOn);
  tools = { ...tools, letterKeys: isOn };
  draw();
}

function draw(): void {
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
  notices.dismiss();
  completed.forget();
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

const root = document.getElementById("app");
if (root !== null) keepFocus(root);
draw();
const live = new LiveStream({
  view: BROWSER,
  headers: () => login.headers,
  ask: (headers, signal) =>
    fetch("/web/events", { signal, headers, credentials: "omit", cache: "no-store" }),
  onEvent: (event) => completed.add(model.receive(event, Date.now()).map(({ name }) => name)),
  onConnection: (connection) => {
    const isBack = connection === "live" && !["connecting", "live"].includes(model.connection);
    if (isBack) notices.say(tools.words.restored);
    model.connect(connection);
  },
  onLocked: expire,
});
// another window of this page has logged out, or in
addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key !== TOKEN_KEY) return;
  if (newValue === null) {
    if (oldValue !== null && login.has(oldValue)) expire(login.headers);
  } else if (model.locked) {
    login.adopt(newValue);
    unlock();
  }
});
