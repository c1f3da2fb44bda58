/** What can go wrong between us and a manager. */

/** Why a call has no result, as far as it decides what a user can do. */
export type RemoteFault =
  /** Nobody listens there, or the name leads nowhere. */
  | "unreachable"
  /** It did not answer in time. */
  | "silent"
  /** It wants a name and a password, or others. */
  | "unauthorized"
  /** It does not serve this machine or this spelling of its name. */
  | "forbidden"
  /** What answers is no manager, or one that answers nonsense or without end. */
  | "bad-answer"
  /** It does not know the method. */
  | "unknown-method"
  /** It understood, and says why it will not. */
  | "refused";

/** A call to a manager failed. The message is for the user; parts of it may come from the manager. */
export class RemoteError extends Error {
  override name = "RemoteError";
  constructor(readonly fault: RemoteFault, message: string) {
    super(message);
  }
}
