/** The main module of `tm-locked`, whose permissions are baked in: `./downloads` and the network. */
import { main } from "./main.ts";

if (import.meta.main) await main({ locked: true });
