import { z } from "zod";

/**
 * A bill of materials as CycloneDX 1.6 has it (bom-1.6.schema.json), so far as Guise uses it. Nothing else may stand in it: the
 * published schema allows no further fields either.
 */

const referenceSchema = z.string().min(1);
const propertySchema = z.strictObject({ name: z.string(), value: z.string() });

export const bomComponentSchema = z.strictObject({
  type: z.enum(["application", "container", "library", "operating-system"]),
  "bom-ref": referenceSchema,
  group: z.string().optional(),
  name: z.string(),
  version: z.string().optional(),
  description: z.string().optional(),
  /** Package URL: scheme, type, namespace and name, version, qualifiers. */
  purl: z
    .string()
    .regex(/^pkg:[a-z][a-z0-9.+-]*\/[^@?#\s]+(@[^@?#\s]+)?(\?[^#\s]+)?$/)
    .optional(),
  properties: z.array(propertySchema).optional(),
});
export type BomComponent = z.infer<typeof bomComponentSchema>;

export const billOfMaterialsSchema = z
  .strictObject({
    $schema: z.string(),
    bomFormat: z.literal("CycloneDX"),
    specVersion: z.literal("1.6"),
    serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    version: z.number().int().min(1),
    metadata: z.strictObject({
      timestamp: z.iso.datetime(),
      lifecycles: z.array(z.strictObject({ phase: z.literal("post-build") })),
      tools: z.strictObject({ components: z.array(bomComponentSchema) }),
      component: bomComponentSchema,
    }),
    components: z.array(bomComponentSchema),
  })
  .refine(({ metadata, components }) => isUnique([metadata.component, ...metadata.tools.components, ...components]), {
    error: "every bom-ref must be unique within the document",
  });
export type BillOfMaterials = z.infer<typeof billOfMaterialsSchema>;

function isUnique(components: readonly BomComponent[]): boolean {
  return new Set(components.map((component) => component["bom-ref"])).size === components.length;
}
