import { collectedSchema, collectRequestSchema, type Images, imagesSchema } from "@guise/contract";
import { doneBy } from "../call.ts";
import { httpRoute } from "../route.ts";
import { timeOf } from "../views.ts";

export const listImages = httpRoute({
  id: "list_images",
  method: "GET",
  url: "/v1/images",
  tag: "administration",
  summary: "Images of personas on the engine: what they take, when they were used, and who needs them",
  answers: { 200: { description: "The images, the most recently used first.", schema: imagesSchema } },
  errors: ["engine_unreachable"],
  async act(call) {
    const { budget, taken, images } = await call.services.images.standing();
    const body: Images = {
      budget,
      taken,
      images: images.map(({ reference, kind, versions, alone, shared, usedAt, workspaces, isKept }) => ({
        image: reference,
        kind,
        versions: versions.map(({ persona, ...version }) => ({ persona_id: persona, ...version })),
        alone,
        shared,
        used_at: timeOf(usedAt),
        workspaces: [...workspaces],
        kept: isKept,
      })),
    };
    return { status: 200, body };
  },
});

export const collectImages = httpRoute({
  id: "collect_images",
  method: "POST",
  url: "/v1/images/collect",
  tag: "administration",
  summary: "Remove images that nobody needs, the least recently used first, until all take no more than the budget",
  description: "Never one that a workspace runs on or will start on. One that is asked for again is built again.",
  body: collectRequestSchema,
  answers: { 200: { description: "What was removed.", schema: collectedSchema } },
  errors: ["engine_unreachable"],
  async act(call) {
    const { images, repository } = call.services;
    const { budget } = call.body;
    const { removed, freed, left } = await images.collect(budget);
    await repository.audit(
      doneBy(call, "collect_images", "images", { ...(budget === undefined ? {} : { budget }), removed: removed.length, freed }),
    );
    return { status: 200, body: { removed: [...removed], freed, left, budget: budget ?? (await images.standing()).budget } };
  },
});
