import { Table } from "@mantine/core";
import type { ReactNode } from "react";

/** A table with a name and a line of heads, which scrolls by itself, also by keyboard, where it is too wide; `children` are its rows. */
export function HeadedTable({
  name,
  heads,
  minWidth,
  maxHeight,
  children,
}: {
  readonly name: string;
  readonly heads: readonly string[];
  readonly minWidth: number;
  readonly maxHeight?: number;
  readonly children: ReactNode;
}) {
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      {...(maxHeight === undefined ? {} : { mah: maxHeight })}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": name } }}
    >
      <Table aria-label={name}>
        <Table.Thead>
          <Table.Tr>
            {heads.map((head) => (
              <Table.Th key={head} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
