/** Whether a file is wanted, and before which others. */
export type FilePriority = "off" | "low" | "normal" | "high";
