import { repositoryContract } from "./contract-suite.ts";
import { sqliteWorld } from "./sqlite/sqlite-world.ts";

repositoryContract("SQLite", sqliteWorld);
