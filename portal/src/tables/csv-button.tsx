import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { ErrorNotice } from "../kit/error-notice.tsx";
import type { Column } from "./column.ts";
import { csvName, csvOf } from "./csv.ts";

interface CsvButtonProps<Row> {
  /** The table's name. */
  readonly table: string;
  readonly columns: readonly Column<Row>[];
  /** All rows, also those that are not shown yet. */
  rows(): readonly Row[] | Promise<readonly Row[]>;
}

/** Puts a whole table into a file. */
export function CsvButton<Row>({ table, columns, rows }: CsvButtonProps<Row>) {
  const download = useMutation({
    mutationFn: async () => saveAs(csvName(table, new Date()), csvOf(columns, await rows())),
  });
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} />}
        loading={download.isPending}
        onClick={() => download.mutate()}
        aria-label={`Download as CSV: ${table}`}
      >
        Download as CSV
      </Button>
      {download.isError && <ErrorNotice error={download.error} what="The file could not be made" />}
    </>
  );
}

function saveAs(name: string, content: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the content once the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
