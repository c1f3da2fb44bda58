import { rtorrent } from "./clients/rtorrent.ts";
import { interopSuite } from "./suite.ts";

interopSuite(rtorrent);
