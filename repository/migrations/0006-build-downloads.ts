import type { Migration } from "./migration.ts";

/** Of the time that a build took, what went for downloads. A Guise that does not know it leaves it as it was. */
export const buildDownloads: Migration = {
  number: 6,
  name: "build downloads",
  breaking: false,
  statements: [`ALTER TABLE versions ADD COLUMN build_downloading BIGINT`],
  sqlite: [],
};
