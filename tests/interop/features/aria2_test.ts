import { aria2 } from "../clients/aria2.ts";
import { featureSuite } from "./suite.ts";

featureSuite(aria2);
