import { aria2 } from "./clients/aria2.ts";
import { interopSuite } from "./suite.ts";

interopSuite(aria2);
