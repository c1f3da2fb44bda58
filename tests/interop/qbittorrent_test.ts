import { qbittorrent } from "./clients/qbittorrent.ts";
import { interopSuite } from "./suite.ts";

interopSuite(qbittorrent);
