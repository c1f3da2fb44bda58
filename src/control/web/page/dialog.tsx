import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Messages } from "./messages.tsx";
import { useTools } from "./tools.ts";

/** What a dialog needs. */
export interface DialogProps {
  readonly title: string;
  /** The word of the button that does it; null: there is nothing to do but to close. */
  readonly go: string | null;
  readonly isDanger?: boolean;
  /** The id of what is read with the title, as what it is about would not be. */
  readonly about?: string;
  /** There is a table in it. */
  readonly isWide?: boolean;
  /** The word of the button that does not do it. */
  readonly dismiss?: string;
  /** True: it is done, close. */
  readonly onGo: () => Promise<boolean>;
  /** Something else that can be done instead, with the word of its button. */
  readonly instead?: { readonly word: string; readonly onGo: () => Promise<boolean> };
  /** Not given: {@linkcode DialogProps.onClose}. */
  readonly onDone?: () => void;
  /** It was not wanted. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A question or form before the page. The browser keeps the focus in it, and Escape closes it. */
export function Dialog(props: DialogProps) {
  const { title, go, isDanger = false, isWide = false, onGo, instead, onClose, children } = props;
  const { words, notices } = useTools();
  const dialog = useRef<HTMLDialogElement>(null);
  const busy = useRef(false);
  const isDone = useRef(false);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  // what the foot of the page says is out of reach while this is before it; what it has said is nothing new
  const [since] = useState(notices.next);
  useEffect(() => notices.ask(), []);
  // always closed by the browser first, which gives the keyboard back to where it was
  const close = () => dialog.current?.close();
  const onClosed = () => {
    (isDone.current ? props.onDone ?? onClose : onClose)();
  };
  const act = async (onGo: () => Promise<boolean>) => {
    if (busy.current) return;
    busy.current = true;
    notices.dismiss();
    try {
      isDone.current = await onGo();
      if (isDone.current) close();
    } finally {
      busy.current = false;
    }
  };
  return (
    <dialog
      ref={dialog}
      class={isWide ? "broad" : ""}
      aria-labelledby={id}
      aria-describedby={props.about}
      onClose={onClosed}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (go !== null) void act(onGo);
        }}
      >
        <div class="form">
          <h2 id={id}>{title}</h2>
          {children}
        </div>
        <div class="foot">
          <Messages since={since} />
          <p class="buttons">
            {instead !== undefined && (
              <button
                type="button"
                class="apart"
                onClick={() => void act(instead.onGo)}
              >
                {instead.word}
              </button>
            )}
            <button type="button" onClick={close}>
              {props.dismiss ?? (go === null ? words.close : words.cancel)}
            </button>
            {go !== null && (
              <button type="submit" class={isDanger ? "danger" : "primary"}>{go}</button>
            )}
          </p>
        </div>
      </form>
    </dialog>
  );
}
