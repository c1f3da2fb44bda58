/** `@std/fmt/colors` from its npm build, with types. */
// @ts-types="./colors.d.ts"
export {
  bgWhite,
  black,
  blue,
  bold,
  cyan,
  dim,
  gray,
  green,
  magenta,
  red,
  setColorEnabled,
  stripAnsiCode,
  yellow,
} from "npm:deno-std@1.4.0/fmt/colors.js";
