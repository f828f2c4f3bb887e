import { Code, List, Text } from "@mantine/core";
import { IN_JSON } from "./in-json.ts";

/** What the form has no field for. */
export function JsonOnly() {
  return (
    <>
      <Text size="sm">Few need it. It stays as it is written, whatever the form changes.</Text>
      <List size="sm" styles={{ itemWrapper: { display: "inline" } }}>
        {IN_JSON.map(({ keys, says }) => (
          <List.Item key={keys.join()} style={{ overflowWrap: "anywhere" }}>
            {keys.map((key) => (
              <span key={key}>
                <Code>{key}</Code>{" "}
              </span>
            ))}
            {says}
          </List.Item>
        ))}
      </List>
    </>
  );
}
