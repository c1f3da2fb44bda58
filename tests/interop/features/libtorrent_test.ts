import { libtorrent } from "../clients/libtorrent.ts";
import { featureSuite } from "./suite.ts";

featureSuite(libtorrent);
