import { libtorrent } from "./clients/libtorrent.ts";
import { interopSuite } from "./suite.ts";

interopSuite(libtorrent);
