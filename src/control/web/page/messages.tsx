import { English, Sentence } from "./sentence.tsx";
import { useTools } from "./tools.ts";

/**
 * What was said last, where a screen reader hears of it: in regions that are there before anything is said. What has a
 * number below `since` is not said here.
 */
export function Messages({ since }: { readonly since: number }) {
  const { notices, words } = useTools();
  const news = notices.news !== null && notices.news.id >= since ? notices.news : null;
  const wrong = notices.wrong.filter(({ id }) => id >= since);
  return (
    <div
      class="messages"
      onPointerEnter={() => notices.hold(true)}
      onPointerLeave={() => notices.hold(false)}
      onFocusIn={() => notices.hold(true)}
      onFocusOut={() => notices.hold(false)}
    >
      <div role="status">
        {news !== null && (
          <p key={news.id}>
            <Sentence text={news.text} />
          </p>
        )}
      </div>
      <div role="alert" aria-atomic={false} class="warning">
        {wrong.map(({ id, text, english }) => (
          <p key={id}>
            <Sentence text={text} />
            {english !== "" && [" ", <English key="english" text={english} />]}
          </p>
        ))}
      </div>
      {(news !== null || wrong.length > 0) && (
        <button
          type="button"
          class="small"
          aria-label={words.dismiss}
          title={words.dismiss}
          onClick={() => notices.dismiss()}
        >
          ✕
        </button>
      )}
    </div>
  );
}
