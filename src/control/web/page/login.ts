/** Whether the manager lets this page in, and the token by which it is known once the password was given. */

/** Under which name it is kept. */
export const TOKEN_KEY = "token";
/** The answer to a login or logout where there is no password. */
const NO_PASSWORD = 404;

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
    this.#token = tab?.getItem(TOKEN_KEY) ?? browser?.getItem(TOKEN_KEY) ?? null;
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
  get headers(): { readonly authorization?: string } {
    return this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
  }

  /** Another window of this page has logged in, to stay. */
  adopt(token: string): void {
    this.#token = token;
  }

  /** Tries a password; where none is wanted any more, whatever is given. */
  async enter(post: Post, user: string, password: string, stay: boolean): Promise<Outcome> {
    let answer: Response;
    try {
      answer = await post("/web/login", basic(user, password));
    } catch {
      return "failed";
    }
    if (!answer.ok) {
      await answer.body?.cancel();
      if (answer.status === NO_PASSWORD) {
        this.#forget();
        return "in";
      }
      return answer.status === 401 ? "wrong" : answer.status === 429 ? "locked" : "failed";
    }
    const { token } = await answer.json() as { token: string };
    this.#token = token;
    (stay ? this.#browser : this.#tab)?.setItem(TOKEN_KEY, token);
    return "in";
  }

  /** Ends it, here and at the manager. Whether that wants a password, as far as is known. */
  async leave(post: Post): Promise<boolean> {
    const { authorization } = this.headers;
    this.#forget();
    if (authorization === undefined) return true;
    try {
      const { status, body } = await post("/web/logout", authorization);
      await body?.cancel();
      return status !== NO_PASSWORD;
    } catch {
      // who is not reached forgets by itself in time
      return true;
    }
  }

  /**
   * A call with these {@linkcode headers} was refused: their token is worth nothing. True: a password is needed. False: they
   * are not those of now, because somebody has logged in meanwhile, here or to stay in another window.
   */
  refused({ authorization }: Login["headers"]): boolean {
    if (authorization !== this.headers.authorization) return false;
    this.#forget();
    this.#token = this.#browser?.getItem(TOKEN_KEY) ?? null;
    return this.#token === null;
  }

  /** What other windows keep is theirs. */
  #forget(): void {
    for (const store of [this.#tab, this.#browser]) {
      if (store?.getItem(TOKEN_KEY) === this.#token) store.removeItem(TOKEN_KEY);
    }
    this.#token = null;
  }
}

/** Credentials of HTTP Basic (RFC 7617), in UTF-8. */
function basic(user: string, password: string): string {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}
