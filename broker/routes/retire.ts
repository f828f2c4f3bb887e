import { Refusal, retireRequestSchema } from "@guise/contract";
import { nameOfPrincipal } from "#access";
import { CodedError, codeOf } from "#foundation";
import { type Call, callerOf, doneBy } from "../call.ts";
import { httpRoute } from "../route.ts";
import { personaParams } from "../schemas.ts";
import { isSeenBy } from "../seen-versions.ts";
import { personaView, show } from "./personas.ts";

export const retirePersona = httpRoute({
  id: "retire_persona",
  method: "POST",
  url: "/v1/personas/:persona/retire",
  tag: "personas",
  summary: "Retire a persona: nobody can request it any more; or take that back",
  description:
    "Workspaces that there are go on, also paused ones, and kept homes stay. Nothing is published of it meanwhile. Lists show it to those alone who may take that back.",
  target: "persona",
  params: personaParams,
  body: retireRequestSchema,
  answers: { 200: { description: "The persona.", schema: personaView } },
  async act(call) {
    const { persona } = call.params;
    const { retired } = call.body;
    const rows = await call.services.repository.retirePersona(persona, retired, doneBy(call, "retire_persona", persona, { retired }));
    const versions = rows.filter((row) => isSeenBy(call.principal, row)).map((row) => show(call, row));
    return { status: 200, body: { persona_id: persona, versions } };
  },
});

export const removePersona = httpRoute({
  id: "remove_persona",
  method: "DELETE",
  url: "/v1/personas/:persona",
  tag: "personas",
  summary: "Remove a retired persona of which nothing is left",
  description:
    "While there are workspaces or kept homes of it, they are named and nothing is removed. Its images are removed from the engine, drafts of it are discarded, and the id is free. Receipts and the audit keep what they say of it.",
  target: "persona",
  params: personaParams,
  answers: { 204: { description: "It is removed." } },
  errors: ["persona_in_use", "conflict"],
  async act(call) {
    const { persona } = call.params;
    try {
      await call.services.repository.removePersona(persona, doneBy(call, "remove_persona", persona));
    } catch (error) {
      throw refused(call, error);
    }
    // What of it is being built ends.
    call.services.wake({ kind: "persona", persona });
    return { status: 204 };
  },
});

/** Of a long list enough are named to go on with. */
const NAMED = 50;

function refused(call: Call<{ persona: string }>, error: unknown): unknown {
  const { persona } = call.params;
  if (codeOf(error) === "not_retired")
    return new Refusal("conflict", `Only a retired persona is removed; first: guise persona retire ${persona}`);
  if (!(error instanceof CodedError) || error.code !== "persona_in_use") return error;
  const { kind, held } = error.detail as { kind: "workspace" | "home"; held: readonly { id: string; owner: string }[] };
  const what = kind === "workspace" ? "workspace" : "kept home";
  const names = held.slice(0, NAMED).map(({ id }) => id);
  const more = held.length > NAMED ? ` and ${held.length - NAMED} more` : "";
  return new Refusal("persona_in_use", `Of ${persona} there ${counted(held.length, what)}: ${names.join(", ")}${more}.`, {
    facts: { count: held.length, [kind === "workspace" ? "workspaces" : "homes"]: held.slice(0, NAMED).map(shownTo(call)) },
  });
}

/** Whose they are is the operators' to know. */
function shownTo(call: Call) {
  const operates = callerOf(call).roles.includes("operator");
  return ({ id, owner }: { readonly id: string; readonly owner: string }) => ({
    id,
    ...(operates ? { owner: nameOfPrincipal(owner, call.services.issuer?.issuer ?? "") } : {}),
  });
}

function counted(count: number, what: string): string {
  return count === 1 ? `is 1 ${what}` : `are ${count} ${what}s`;
}
