/** Whether the manager lets this page in, and the token by which it is known once the password was given. */

const KEY = "token";

/** Keeps texts by their names; the browser's `sessionStorage` and `localStorage`. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What became of an attempt to log in. */
export type Outcome = "in" | "wrong" | "locked" | "failed";

/** Posts to a path of the manager with an `Authorization` header. Rejects when it is not reached. */
export type Post = (path: string, authorization: string) => Promise<Response>;

/**
 * The login of this page. The password is sent once and kept nowhere; the token lasts as long as the browser's tab, or
 * with `stay` until somebody logs out. Unlike a cookie it is sent by this page's own calls alone.
 */
export class Login {
  readonly #tab: Store | null;
  readonly #browser: Store | null;
  #token: string | null;

  /** Null for a store: the browser lets no page keep anything. */
  constructor(tab: Store | null, browser: Store | null) {
    this.#tab = tab;
    this.#browser = browser;
    this.#token = tab?.getItem(KEY) ?? browser?.getItem(KEY) ?? null;
  }

  /** It was logged in; perhaps it no longer is. */
  get known(): boolean {
    return this.#token !== null;
  }

  /** Whether this is its token. */
  has(token: string): boolean {
    return token === this.#token;
  }

  /** What goes with every call. */
  get headers(): Readonly<Record<string, string>> {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
  }

  /** Tries a password. */
  async enter(post: Post, user: string, password: string, stay: boolean): Promise<Outcome> {
    let answer: Response;
    try {
      answer = await post("/web/login", basic(user, password));
    } catch {
      return "failed";
    }
    if (!answer.ok) {
      await answer.body?.cancel();
      return answer.status === 401 ? "wrong" : answer.status === 429 ? "locked" : "failed";
    }
    const { token } = await answer.json() as { token: string };
    this.#token = token;
    (stay ? this.#browser : this.#tab)?.setItem(KEY, token);
    return "in";
  }

  /** Ends it, here and at the manager. */
  async leave(post: Post): Promise<void> {
    const { authorization } = this.headers;
    this.forget();
    if (authorization === undefined) return;
    try {
      await (await post("/web/logout", authorization)).body?.cancel();
    } catch {
      // who is not reached forgets by itself in time
    }
  }

  /** The token is no longer worth anything. */
  forget(): void {
    this.#token = null;
    this.#tab?.removeItem(KEY);
    this.#browser?.removeItem(KEY);
  }
}

/** Credentials of HTTP Basic (RFC 7617), in UTF-8. */
function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
