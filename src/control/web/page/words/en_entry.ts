/** Of the way to the manager and who may go it, in English. */
export const ENTRY_EN = {
  broken: {
    lost: "The connection is lost. Trying again …",
    full: "Too many pages of this manager are open. Close another one; trying again …",
    fault: "The manager has a fault, which its log names. Trying again …",
    host: "The manager does not go by the name in this page’s address. Open it by its number, " +
      "or start it with that name as --rpc-host.",
    machine: "The manager serves its own machine alone. To open it from here, start it with " +
      "a password (--rpc-auth-file).",
  },
  outdated: "The manager was replaced by another version; this page is still the old one.",
  reload: "Reload",
  login: {
    title: "Log in",
    text: "This manager asks for a user and a password.",
    user: "User",
    password: "Password",
    stay: "Stay logged in on this browser",
    go: "Log in",
    wrong: "This user and password do not fit. Try again.",
    locked: "Too many wrong passwords. Wait a minute, then try again.",
    failed: "The manager did not answer. Try again.",
    out: "Log out",
  },
};
