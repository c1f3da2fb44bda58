/** Where the page starts. */
import { render } from "preact";
import { App } from "./app.tsx";
import { Format } from "./format.ts";
import { LiveStream } from "./live.ts";
import { Model } from "./model.ts";
import { Rpc } from "./rpc.ts";
import { type Tools, ToolsProvider } from "./tools.ts";
import { wordsFor } from "./words.ts";

const words = wordsFor(navigator.languages);
document.documentElement.lang = words.language;

// figures by the reader's own locale, as long as it is of the language that is shown
const locale = navigator.languages.find((each) => each.startsWith(words.language)) ??
  words.language;

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

const tools: Tools = {
  words,
  format: new Format(locale),
  rpc: new Rpc(),
  say: (message) => model.say(message),
  attempt: async (call) => {
    try {
      return await call;
    } catch (error) {
      model.say(words.failed(error instanceof Error ? error.message : String(error)));
      return null;
    }
  },
};

function draw(): void {
  const root = document.getElementById("app");
  if (root === null) return;
  render(
    <ToolsProvider value={tools}>
      <App model={model} />
    </ToolsProvider>,
    root,
  );
}

draw();
new LiveStream({
  onEvent: (event) => model.receive(event, Date.now()),
  onConnection: (connection) => {
    if (connection === "live" && model.connection === "lost") model.say(words.restored);
    model.connect(connection);
  },
});
