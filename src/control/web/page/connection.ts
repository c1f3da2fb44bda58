/** How the stream of live figures stands. */
export type Connection = "connecting" | "live" | "lost";
