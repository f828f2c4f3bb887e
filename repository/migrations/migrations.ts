import { firstSchema } from "./0001-first-schema.ts";
import { homes } from "./0002-homes.ts";
import { resize } from "./0003-resize.ts";
import { runs } from "./0004-runs.ts";
import { images } from "./0005-images.ts";
import { buildDownloads } from "./0006-build-downloads.ts";
import { launchesAgain } from "./0007-launches-again.ts";
import { notesOfWishes } from "./0008-notes-of-wishes.ts";
import { leftFiles } from "./0009-left-files.ts";
import { people } from "./0010-people.ts";
import { packageSources } from "./0011-package-sources.ts";
import { screens } from "./0012-screens.ts";
import { drafts } from "./0013-drafts.ts";
import { retirement } from "./0014-retirement.ts";
import { checks } from "./0015-checks.ts";
import { preferences } from "./0016-preferences.ts";
import { notices } from "./0017-notices.ts";
import { providerPeople } from "./0018-provider-people.ts";
import { dataSources } from "./0019-data-sources.ts";
import type { Migration } from "./migration.ts";

/** All of them, in order. A new one is appended; `schema.sql` is then written anew by `node repository/migrations/write-schema.ts`. */
export const MIGRATIONS: readonly Migration[] = [
  firstSchema,
  homes,
  resize,
  runs,
  images,
  buildDownloads,
  launchesAgain,
  notesOfWishes,
  leftFiles,
  people,
  packageSources,
  screens,
  drafts,
  retirement,
  checks,
  preferences,
  notices,
  providerPeople,
  dataSources,
];
