import { type Bytes, concat, utf8 } from "../base/mod.ts";
import { ProxyError, type ProxyFault } from "./error.ts";
import { decodeSocksAddress, encodeSocksAddress, type SocksAddress } from "./socks_address.ts";

/** What is asked of a proxy. */
export interface SocksRequest {
  /** `connect`: a way to `target`; `associate`: UDP, and `target` is where our packets come from (0: not known). */
  readonly command: "connect" | "associate";
  readonly target: SocksAddress;
  /** Null: none. */
  readonly user: string | null;
  readonly password: string;
}

const VERSION = 5;
const COMMANDS = { connect: 1, associate: 3 } as const;
const [NO_AUTH, BY_PASSWORD] = [0, 2];
/** Of the talk about name and password (RFC 1929). */
const PASSWORD_VERSION = 1;

/** Replies by RFC 1928, 6. */
const REPLIES: Readonly<Record<number, readonly [ProxyFault, string]>> = {
  1: ["refused", "The proxy has a fault of its own"],
  2: ["refused", "The proxy's rules do not allow it"],
  3: ["target-unreachable", "The proxy finds no way to that network"],
  4: ["target-unreachable", "The proxy cannot reach that host"],
  5: ["target-refused", "Connection refused, behind the proxy"],
  6: ["target-silent", "Timed out, behind the proxy"],
  7: ["refused", "The proxy cannot do that"],
  8: ["refused", "The proxy does not know such addresses"],
};

/**
 * The talk with a SOCKS 5 proxy (RFC 1928, 1929) until it carries us. A driver sends what {@linkcode begin} and
 * {@linkcode receive} answer, and reads {@linkcode wanted} bytes at a time, so that none of what comes behind the
 * proxy's last word is taken.
 */
export class SocksTalk {
  readonly #request: SocksRequest;
  #phase: "method" | "password" | "reply" | "done" = "method";
  #heard: Bytes = new Uint8Array(0);
  #wanted = 2;
  #bound: SocksAddress | null = null;

  constructor(request: SocksRequest) {
    this.#request = request;
  }

  /** Bytes that may be read next; 0: it is over. */
  get wanted(): number {
    return this.#phase === "done" ? 0 : this.#wanted - this.#heard.length;
  }

  /** It agreed to carry us, and looks for the target now. */
  get asked(): boolean {
    return this.#phase === "reply";
  }

  /** Where the proxy says it stands for us, once it is over; null before. */
  get bound(): SocksAddress | null {
    return this.#bound;
  }

  /** The first thing to be sent. */
  begin(): Bytes {
    const methods = this.#request.user === null ? [NO_AUTH] : [NO_AUTH, BY_PASSWORD];
    return Uint8Array.of(VERSION, methods.length, ...methods);
  }

  /** Takes what was read, {@linkcode wanted} bytes at most; answers what to send. Throws {@linkcode ProxyError}. */
  receive(bytes: Uint8Array): Bytes | null {
    if (bytes.length > this.wanted) throw new RangeError("Expected no more bytes than were wanted");
    this.#heard = concat(this.#heard, bytes);
    if (this.#heard.length < this.#wanted) return null;
    switch (this.#phase) {
      case "method":
        return this.#method(this.#heard);
      case "password":
        return this.#password(this.#heard);
      case "reply":
        this.#reply(this.#heard);
    }
    return null;
  }

  #method([version, method]: Uint8Array): Bytes {
    if (version !== VERSION) throw nonsense();
    if (method === NO_AUTH) return this.#ask();
    const { user, password } = this.#request;
    if (method === 0xff || method !== BY_PASSWORD || user === null) {
      const message = user === null
        ? "The proxy wants a name and password"
        : "The proxy takes no name and password";
      throw method === 0xff || method === BY_PASSWORD
        ? new ProxyError("credentials", message)
        : nonsense();
    }
    this.#next("password", 2);
    const [name, word] = [utf8(user), utf8(password)];
    return concat(
      Uint8Array.of(PASSWORD_VERSION, name.length),
      name,
      Uint8Array.of(word.length),
      word,
    );
  }

  #password([, status]: Uint8Array): Bytes {
    if (status !== 0) {
      throw new ProxyError("credentials", "The proxy refuses our name and password");
    }
    return this.#ask();
  }

  #ask(): Bytes {
    this.#next("reply", 5);
    const { command, target } = this.#request;
    return concat(Uint8Array.of(VERSION, COMMANDS[command], 0), encodeSocksAddress(target));
  }

  #reply(heard: Uint8Array): void {
    if (heard[0] !== VERSION) throw nonsense();
    const code = heard[1]!;
    if (code !== 0) {
      const [fault, message] = REPLIES[code] ?? ["refused", `The proxy answers ${code}`];
      throw new ProxyError(fault, message);
    }
    const read = decodeSocksAddress(heard, 3);
    if (read === null) throw nonsense();
    if (typeof read === "number") {
      this.#wanted = read;
      return;
    }
    this.#bound = read.address;
    this.#phase = "done";
  }

  #next(phase: "password" | "reply", wanted: number): void {
    this.#phase = phase;
    this.#wanted = wanted;
    this.#heard = new Uint8Array(0);
  }
}

function nonsense(): ProxyError {
  return new ProxyError("nonsense", "What should be a SOCKS 5 proxy speaks something else");
}
