/**
 * Whether connections are encrypted (MSE). `prefer`: those we make are, where the other side can; `tolerate`: those we
 * make are plain, where the other side can; `require`: those that cannot be, to the last byte, are not made; `off`: none.
 */
export type EncryptionPolicy = "prefer" | "tolerate" | "require" | "off";
