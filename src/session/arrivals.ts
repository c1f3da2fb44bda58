import { type Endpoint, endpointScope } from "../base/mod.ts";

/** Who has connected to us, which is the only proof that others can. */
export class Arrivals {
  /** Peers that came from public addresses, and from near us. */
  outside = 0;
  near = 0;

  /** One came, and its handshake was good. */
  note(from: Endpoint): void {
    if (endpointScope(from) === "public") this.outside++;
    else this.near++;
  }
}
