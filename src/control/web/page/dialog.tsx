import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useTools } from "./tools.ts";

/** What a dialog needs. */
export interface DialogProps {
  readonly title: string;
  /** The word of the button that does it; null: there is nothing to do but to close. */
  readonly go: string | null;
  readonly isDanger?: boolean;
  /** True: it is done, close. */
  readonly onGo: () => Promise<boolean>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A question or form before the page. The browser keeps the focus in it, and Escape closes it. */
export function Dialog({ title, go, isDanger = false, onGo, onClose, children }: DialogProps) {
  const { words } = useTools();
  const dialog = useRef<HTMLDialogElement>(null);
  const busy = useRef(false);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (go === null || busy.current) return;
    busy.current = true;
    try {
      if (await onGo()) onClose();
    } finally {
      busy.current = false;
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={id}>{title}</h2>
        {children}
        <p class="buttons">
          <button type="button" onClick={onClose}>
            {go === null ? words.close : words.cancel}
          </button>
          {go !== null && (
            <button type="submit" class={isDanger ? "danger" : "primary"}>{go}</button>
          )}
        </p>
      </form>
    </dialog>
  );
}
