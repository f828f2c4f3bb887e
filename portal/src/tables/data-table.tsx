import { Table, UnstyledButton } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { visibleText } from "../kit/visible-text.ts";
import type { Column, TableOrder } from "./column.ts";
import classes from "./data-table.module.css";

interface DataTableProps<Row> {
  readonly name: string;
  /** The first names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly minWidth: number;
  readonly order: TableOrder | undefined;
  keyOf(row: Row): string;
  /** Asked for by a head; without it, or where it says so, a column orders nothing. */
  orderBy(head: string): void;
  readonly orders?: (column: Column<Row>) => boolean;
  /** What may be done with a row. */
  readonly acts?: (row: Row) => ReactNode;
}

/** A table that is ordered by its heads and scrolls by itself, also by keyboard, where it is too wide. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, columns, rows, minWidth, keyOf, acts } = props;
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": `${name}, scrolled sideways where it is wide` } }}
    >
      <Table aria-label={name}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Head key={column.head} column={column} {...props} />
            ))}
            {acts !== undefined && <Table.Td className={classes.acts} />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <Table.Th key={column.head} scope="row" fw={400}>
                    {shown(column, row)}
                  </Table.Th>
                ) : (
                  <Table.Td key={column.head}>{shown(column, row)}</Table.Td>
                ),
              )}
              {acts !== undefined && <Table.Td className={classes.acts}>{acts(row)}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function shown<Row>({ cell, value }: Column<Row>, row: Row): ReactNode {
  return cell === undefined ? visibleText(String(value(row) ?? "")) : cell(row);
}

function Head<Row>({ column, order, orderBy, orders }: DataTableProps<Row> & { readonly column: Column<Row> }) {
  const { head } = column;
  if (orders?.(column) === false) return <Table.Th scope="col">{head}</Table.Th>;
  const isThis = order?.head === head;
  const sorted = !isThis ? "none" : order.descending ? "descending" : "ascending";
  return (
    <Table.Th scope="col" aria-sort={sorted}>
      <UnstyledButton fz="inherit" className={classes.head} onClick={() => orderBy(head)}>
        {head}
        {sorted === "ascending" && <IconArrowUp size={14} aria-hidden="true" />}
        {sorted === "descending" && <IconArrowDown size={14} aria-hidden="true" />}
      </UnstyledButton>
    </Table.Th>
  );
}
