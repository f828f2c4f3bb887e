import { useState } from "react";
import { type Column, nextOrder, ordered, type TableOrder } from "./column.ts";

/** The order of a table whose rows are all here. */
export function useTableOrder<Row>(rows: readonly Row[], columns: readonly Column<Row>[]) {
  const [order, setOrder] = useState<TableOrder>();
  const orderBy = (head: string) => setOrder((before) => nextOrder(before, head));
  return { rows: ordered(rows, columns, order), order, orderBy };
}
