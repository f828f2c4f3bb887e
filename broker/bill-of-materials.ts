import { createHash } from "node:crypto";
import { type BillOfMaterials, type BomComponent, PACKAGE_MANAGERS } from "@guise/contract";
import { z } from "zod";
import type { VersionRow } from "#repository";
import { distributionOf, type FoundPackage, packageUrl } from "./package-url.ts";
import { timeOf } from "./views.ts";

const contentsSchema = z.array(z.object({ manager: z.enum(PACKAGE_MANAGERS), name: z.string(), version: z.string() }));

/** What the image of the version was found to contain; undefined while there is none. */
export function contentsOf(row: VersionRow): readonly FoundPackage[] | undefined {
  return contentsSchema.safeParse(row.image?.contents).data;
}

/**
 * The bill of materials of a version's image, as CycloneDX. Pure: the same version on the same image revision gives the same
 * document, its serial number included.
 */
export function billOfMaterials(
  row: VersionRow,
  contents: readonly FoundPackage[],
  facts: { readonly installation: string; readonly guise: string; readonly builtAt: number },
): BillOfMaterials {
  const distribution = distributionOf(contents);
  const subject = `guise:${row.persona}@${row.version}`;
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumber([facts.installation, row.persona, row.version, row.digest, row.revision, contents]),
    version: 1,
    metadata: {
      timestamp: timeOf(facts.builtAt),
      lifecycles: [{ phase: "post-build" }],
      tools: { components: [{ type: "application", "bom-ref": "guise", name: "guise", version: facts.guise }] },
      component: {
        type: "container",
        "bom-ref": subject,
        group: row.ownerGroup,
        name: row.persona,
        version: String(row.version),
        description: row.description ?? row.name,
        properties: [
          { name: "guise:persona:digest", value: row.digest },
          { name: "guise:image:revision", value: String(row.revision) },
        ],
      },
    },
    components: distinct(contents.map((found) => componentOf(found, distribution))),
  };
}

function componentOf(found: FoundPackage, distribution: string): BomComponent {
  const purl = packageUrl(found, distribution);
  const name = found.manager === "apt" ? (found.name.split(":")[0] ?? found.name) : found.name;
  const [scope, bare] = found.manager === "npm" && name.startsWith("@") ? name.split("/") : [undefined, name];
  return {
    type: "library",
    "bom-ref": purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare ?? name,
    version: found.version,
    purl,
  };
}

/** The same package in two virtual environments is one component; in the order of the names, so that documents can be compared. */
function distinct(components: readonly BomComponent[]): BomComponent[] {
  const byReference = new Map(components.map((component) => [component["bom-ref"], component]));
  return [...byReference.values()].sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
}

/** A UUID of version 8 (RFC 9562: made in one's own way) out of what the document is about. */
function serialNumber(about: unknown): string {
  const hex = createHash("sha256").update(JSON.stringify(about)).digest("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return `urn:uuid:${parts.join("-")}`;
}
