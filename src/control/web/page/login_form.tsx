import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Check, Field } from "./fields.tsx";
import type { Outcome } from "./login.ts";
import { useTools } from "./tools.ts";

/** Asks for the password. Its fields are named as password managers know them. */
export function LoginForm(
  { onEnter }: {
    readonly onEnter: (user: string, password: string, stay: boolean) => Promise<Outcome>;
  },
) {
  const { words } = useTools();
  const [stay, setStay] = useState(false);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [isBusy, setBusy] = useState(false);
  const user = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  // not by its attribute, which holds for the first time alone
  useLayoutEffect(() => user.current?.focus(), []);
  useEffect(() => {
    document.title = `${words.login.title} · ${words.title}`;
  }, [words]);

  const submit = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (isBusy) return;
    // what a password manager filled in may have told nobody
    const given = new FormData(event.currentTarget);
    setBusy(true);
    const outcome = await onEnter(
      String(given.get("username")),
      String(given.get("password")),
      stay,
    );
    if (outcome === "in") return;
    setBusy(false);
    setOutcome(outcome);
    password.current?.select();
    password.current?.focus();
  };
  return (
    <main class="login">
      <form onSubmit={(event) => void submit(event)}>
        <h1>{words.title}</h1>
        <p>{words.login.text}</p>
        <Field label={words.login.user}>
          <input
            ref={user}
            name="username"
            autocomplete="username"
            autocapitalize="none"
            required
          />
        </Field>
        <Field label={words.login.password}>
          <input
            ref={password}
            name="password"
            type="password"
            autocomplete="current-password"
            required
            {...(outcome === "wrong"
              ? { "aria-invalid": true, "aria-describedby": "login-error" }
              : {})}
          />
        </Field>
        <p id="login-error" role="alert" class="warning">
          {outcome !== null && outcome !== "in" && words.login[outcome]}
        </p>
        <Check label={words.login.stay} value={stay} onChange={setStay} />
        <button type="submit" class="primary" aria-busy={isBusy}>{words.login.go}</button>
      </form>
    </main>
  );
}
