import { databases } from "./databases.ts";
import { mapsAndSequences } from "./maps-and-sequences.ts";
import { notebooks } from "./notebooks.ts";
import { operations } from "./operations.ts";
import type { Profession } from "./proof.ts";
import { statistics } from "./statistics.ts";
import { webDevelopment } from "./web-development.ts";
import { writing } from "./writing.ts";

export const PROFESSIONS: readonly Profession[] = [webDevelopment, notebooks, databases, operations, mapsAndSequences, statistics, writing];
