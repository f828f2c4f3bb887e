import type { ReactNode } from "react";

export type CellValue = string | number | undefined;

/** One column of a table: as it is ordered, downloaded and shown. */
export interface Column<Row> {
  readonly head: string;
  /** Numbers plain, times as RFC 3339; undefined where there is nothing to say. */
  readonly value: (row: Row) => CellValue;
  /** What the plain number counts; it stands behind the head in the file. */
  readonly unit?: string;
  /** As it is shown; without it the value is. */
  readonly cell?: (row: Row) => ReactNode;
}

/** By which column a table is ordered. */
export interface TableOrder {
  readonly head: string;
  readonly descending: boolean;
}

/** Rows that have nothing to say in that column come last, whichever way round. */
export function ordered<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: TableOrder | undefined): readonly Row[] {
  const column = columns.find(({ head }) => head === order?.head);
  if (column === undefined) return rows;
  const sign = order?.descending === true ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) return Number(a.value === undefined) - Number(b.value === undefined);
      return sign * compared(a.value, b.value);
    })
    .map(({ row }) => row);
}

/** The order after a click on a head: upwards first, then the other way round. */
export function nextOrder(order: TableOrder | undefined, head: string): TableOrder {
  return { head, descending: order?.head === head && !order.descending };
}

const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compared(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : words.compare(String(a), String(b));
}
