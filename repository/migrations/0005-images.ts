import type { Migration } from "./migration.ts";

/**
 * Images get revisions, and a last use that outlives Guise. A Guise that does not know them builds and starts what it always did:
 * `versions.image` stays what it was, the image that a request gets.
 */
export const images: Migration = {
  number: 5,
  name: "images",
  breaking: false,
  statements: [
    `ALTER TABLE versions ADD COLUMN revision INTEGER NOT NULL DEFAULT 1`,
    `ALTER TABLE versions ADD COLUMN epoch TEXT`,
    `ALTER TABLE versions ADD COLUMN refresh_epoch TEXT`,
    `ALTER TABLE versions ADD COLUMN refresh_percent DOUBLE PRECISION`,
    `ALTER TABLE versions ADD COLUMN refresh_message TEXT`,
    `CREATE INDEX versions_refreshing ON versions (refresh_epoch) WHERE refresh_epoch IS NOT NULL`,
    `ALTER TABLE workspaces ADD COLUMN image_revision INTEGER`,
    `ALTER TABLE workspaces ADD COLUMN image TEXT`,
    `CREATE TABLE images (
  persona TEXT NOT NULL,
  version INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  reference TEXT NOT NULL,
  built_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (persona, version, revision),
  FOREIGN KEY (persona, version) REFERENCES versions (persona, version)
)`,
    `CREATE INDEX images_by_reference ON images (reference)`,
    `UPDATE workspaces SET image_revision = 1 WHERE state IN ('ready', 'suspending')`,
  ],
  sqlite: [
    `INSERT INTO images (persona, version, revision, reference, built_at, used_at)
SELECT persona, version, 1, json_extract(image, '$.reference'), published_at, published_at FROM versions
WHERE json_extract(image, '$.reference') IS NOT NULL`,
    `UPDATE workspaces SET image = (SELECT reference FROM images WHERE images.persona = workspaces.persona AND images.version = workspaces.version)
WHERE image_revision = 1`,
  ],
};
