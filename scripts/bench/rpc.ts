const ID = "x-transmission-session-id";

/** Calls to a manager, one after another. */
export class Rpc {
  readonly #url: string;
  #id = "";

  /** `place` as `http://127.0.0.1:9091`. */
  constructor(place: string) {
    this.#url = `${place}/transmission/rpc`;
  }

  /** The port it is at. */
  get port(): number {
    return Number(new URL(this.#url).port);
  }

  /** What a method answers. Rejects unless that is a success. */
  async call(method: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    for (;;) {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { [ID]: this.#id },
        body: JSON.stringify({ method, arguments: args }),
      });
      if (response.status === 409) {
        this.#id = response.headers.get(ID) ?? "";
        await response.body?.cancel();
        continue;
      }
      const { result, arguments: answer } = await response.json();
      if (result !== "success") throw new Error(`Expected ${method} to succeed, got ${result}`);
      return answer;
    }
  }
}
