import { SimpleGrid } from "@mantine/core";
import { useDraftForm } from "./draft-form.ts";
import type { DraftPath } from "./draft-text.ts";
import { NumberField, TextField } from "./fields.tsx";

/** What Guise must know of a server to show its page. What another kind has of it is wrong, and is shown until it is taken out. */
export function WebFields({ path, isWeb }: { readonly path: DraftPath; readonly isWeb: boolean }) {
  const form = useDraftForm();
  const isShown = (member: string) => isWeb || form.own([...path, member]) !== undefined;
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {isShown("port") && (
        <NumberField
          required={isWeb}
          whole
          path={[...path, "port"]}
          label="Port"
          description="The number that the program is told to listen on: 1024 to 65535."
          placeholder="8501"
        />
      )}
      {isShown("path") && <TextField path={[...path, "path"]} label="Page that opens first" description="Begins with /." placeholder="/" />}
      {isShown("ready_path") && (
        <TextField
          path={[...path, "ready_path"]}
          label="Page that tells when it is ready"
          description="Begins with /."
          placeholder="that which opens first"
        />
      )}
      {isShown("within") && (
        <TextField path={[...path, "within"]} label="Longest that its start may take" description="90s; at most 10m" placeholder="60s" />
      )}
    </SimpleGrid>
  );
}
