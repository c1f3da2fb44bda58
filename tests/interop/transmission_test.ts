import { transmission } from "./clients/transmission.ts";
import { interopSuite } from "./suite.ts";

interopSuite(transmission);
