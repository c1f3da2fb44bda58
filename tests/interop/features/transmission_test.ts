import { transmission } from "../clients/transmission.ts";
import { featureSuite } from "./suite.ts";

featureSuite(transmission);
