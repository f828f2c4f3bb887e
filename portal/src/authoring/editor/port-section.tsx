import { SimpleGrid, Text } from "@mantine/core";
import { NumberField, TextField } from "./fields.tsx";
import { ItemList } from "./item-list.tsx";

/** What the servers are called that people start themselves. */
export function PortSection() {
  return (
    <>
      <Text size="sm">
        Some programs show their result as a page: they print an address such as http://localhost:5173. The number at its end is the port.
        Guise offers the page to its person while the program runs, under the name that you give here.
      </Text>
      <ItemList
        path={["ports"]}
        one="Server"
        more="Add a server"
        first={{}}
        told={({ port, name }) => `${port ?? "?"} ${name ?? ""}`.trim()}
      >
        {(path) => (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberField required whole path={[...path, "port"]} label="Port" description="1024 to 65535" placeholder="5173" />
            <TextField
              required
              path={[...path, "name"]}
              label="What it is called"
              description="As its person reads it."
              placeholder="Preview"
            />
          </SimpleGrid>
        )}
      </ItemList>
    </>
  );
}
