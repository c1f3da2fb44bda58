/** Switches colours on or off for the whole process. */
export function setColorEnabled(value: boolean): void;
export function bgWhite(str: string): string;
export function black(str: string): string;
export function bold(str: string): string;
export function dim(str: string): string;
export function red(str: string): string;
export function green(str: string): string;
export function yellow(str: string): string;
export function blue(str: string): string;
export function magenta(str: string): string;
export function cyan(str: string): string;
export function gray(str: string): string;
/** `string` without its terminal control sequences. */
export function stripAnsiCode(string: string): string;
