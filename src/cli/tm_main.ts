/** The main module of `tm`. `mod.ts` runs the same, but as a library's door it loads everything first. */
import { main } from "./main.ts";

if (import.meta.main) await main({ locked: false });
