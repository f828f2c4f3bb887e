import { browsers } from "./browsers.ts";
import { databases } from "./databases.ts";
import { mapsAndSequences } from "./maps-and-sequences.ts";
import { mapsOnScreen } from "./maps-on-screen.ts";
import { notebooks } from "./notebooks.ts";
import { office } from "./office.ts";
import { operations } from "./operations.ts";
import { pictures } from "./pictures.ts";
import type { Profession } from "./proof.ts";
import { pythonDesktop } from "./python-desktop.ts";
import { statistics } from "./statistics.ts";
import { webDevelopment } from "./web-development.ts";
import { writing } from "./writing.ts";

export const PROFESSIONS: readonly Profession[] = [
  webDevelopment,
  notebooks,
  databases,
  operations,
  mapsAndSequences,
  statistics,
  writing,
  office,
  pictures,
  browsers,
  mapsOnScreen,
  pythonDesktop,
];
