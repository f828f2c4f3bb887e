import { preferencesRequestSchema, preferencesViewSchema, Refusal } from "@guise/contract";
import { preferencesProblems } from "#persona";
import { callerOf, doneBy } from "../call.ts";
import { httpRoute } from "../route.ts";

export const preferences = httpRoute({
  id: "preferences",
  method: "GET",
  url: "/v1/preferences",
  tag: "identity",
  summary: "What you prefer in every persona",
  description: "Your own; nobody else's can be asked for.",
  answers: { 200: { description: "Your preferences.", schema: preferencesViewSchema } },
  async act(call) {
    return { status: 200, body: await call.services.repository.preferences(callerOf(call).id) };
  },
});

export const setPreferences = httpRoute({
  id: "set_preferences",
  method: "PUT",
  url: "/v1/preferences",
  tag: "identity",
  summary: "Change what you prefer in every persona",
  description:
    "All of them, with the revision that was read: `conflict` where they were changed elsewhere since then. They hold from the next start or resume of each workspace, where its persona leaves room for them. Files that hold keys, passwords or tokens are refused.",
  document: true,
  body: preferencesRequestSchema,
  answers: { 200: { description: "As they are now.", schema: preferencesViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { revision, preferences: wanted } = call.body;
    const problems = preferencesProblems(wanted);
    if (problems.length > 0) throw new Refusal("invalid", "Nothing was changed.", { problems });
    const { id } = callerOf(call);
    // the audit says that they changed, and not what they are
    const facts = { members: Object.keys(wanted), files: Object.keys(wanted.files ?? {}).length };
    const stored = await call.services.repository.setPreferences(
      id,
      { revision, preferences: wanted },
      doneBy(call, "set_preferences", id, facts),
    );
    return { status: 200, body: stored };
  },
});
