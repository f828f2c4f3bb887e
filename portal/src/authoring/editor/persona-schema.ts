/** The JSON Schema of personas, as Guise publishes it for editors. Rejects while it cannot be had. */
export async function personaSchema(): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch("/schemas/persona.json");
  if (!answer.ok) throw new TypeError("the schema of personas could not be read");
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}
