import { qbittorrent } from "../clients/qbittorrent.ts";
import { featureSuite } from "./suite.ts";

featureSuite(qbittorrent);
