import { rtorrent } from "../clients/rtorrent.ts";
import { featureSuite } from "./suite.ts";

featureSuite(rtorrent);
