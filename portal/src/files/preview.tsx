import { Alert, Button, Code, Stack, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { loadPart } from "../connection/load-part.ts";
import { Dialog } from "../kit/dialog.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { visibleText } from "../kit/visible-text.ts";
import styles from "./preview.module.css";
import { cellsOf, endingOf, IMAGE_TYPES, type NotebookCell, type PreviewKind, rowsOf, separatorOf } from "./previewed.ts";

// Larger than all the rest together, for who looks at a PDF.
const PdfPages = lazy(() => loadPart(() => import("./pdf-pages.tsx")));

interface PreviewProps {
  readonly name: string;
  readonly kind: PreviewKind;
  /** Where it is downloaded. */
  readonly address: string;
  readonly read: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  readonly close: () => void;
}

/** A file as it can be looked at, and downloaded. What is in it is shown as text and pictures alone, whatever it says that it is. */
export default function Preview({ name, kind, address, read, close }: PreviewProps) {
  const content = useQuery({
    queryKey: ["file", address],
    queryFn: async ({ signal }) => new Response(await read(signal)).blob(),
    // It may be written any moment.
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog title={visibleText(name)} size="xl" closable close={close}>
      <div>
        <Button component="a" size="xs" variant="default" leftSection={<IconDownload size={14} />} href={address} download={name}>
          Download
        </Button>
      </div>
      {content.isPending && <Awaited what="the file" height={240} />}
      {content.isError && <ErrorNotice error={content.error} what="It could not be read" retry={() => void content.refetch()} />}
      {content.data !== undefined && <Shown name={name} kind={kind} content={content.data} />}
    </Dialog>
  );
}

function Shown({ name, kind, content }: { readonly name: string; readonly kind: PreviewKind; readonly content: Blob }) {
  if (kind === "image") return <Picture name={name} content={content} />;
  if (kind === "pdf") {
    return (
      <Suspense fallback={<Awaited what="the file" height={240} />}>
        <PdfPages content={content} />
      </Suspense>
    );
  }
  return <Written name={name} kind={kind} content={content} />;
}

/** An address of this page alone, which is given back. */
function useAddress(content: Blob, type: string): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([content], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [content, type]);
  return address;
}

/** As a picture even an SVG runs nothing and fetches nothing. */
function Picture({ name, content }: { readonly name: string; readonly content: Blob }) {
  const ending = endingOf(name);
  const address = useAddress(content, IMAGE_TYPES[ending] ?? `image/${ending}`);
  return address === undefined ? undefined : <img src={address} alt={visibleText(name)} className={styles.picture} />;
}

const MOST_ROWS = 500;

function Written({ name, kind, content }: { readonly name: string; readonly kind: PreviewKind; readonly content: Blob }) {
  const [text, setText] = useState<string>();
  useEffect(() => {
    let isWanted = true;
    void content.text().then((read) => isWanted && setText(read));
    return () => {
      isWanted = false;
    };
  }, [content]);
  if (text === undefined) return <Awaited what="the file" height={240} />;
  if (text === "") return <Text size="sm">The file is empty.</Text>;
  if (kind === "table") return <Rows name={name} text={text} />;
  const cells = kind === "notebook" ? cellsOf(text) : undefined;
  if (cells !== undefined) return <Notebook cells={cells} />;
  return (
    <Code block className={styles.text ?? ""}>
      {text}
    </Code>
  );
}

function Rows({ name, text }: { readonly name: string; readonly text: string }) {
  const [head = [], ...rows] = rowsOf(text, separatorOf(name, text), MOST_ROWS + 1);
  const isCut = rows.length === MOST_ROWS;
  return (
    <>
      {isCut && <Alert color="gray" p="xs" title={`The first ${MOST_ROWS} rows`} />}
      <Table.ScrollContainer
        minWidth={320}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "region", "aria-label": visibleText(name) } }}
      >
        <Table striped withTableBorder stickyHeader aria-label={visibleText(name)}>
          <Table.Thead>
            <Table.Tr>
              {head.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column has nothing else
                <Table.Th key={at} scope="col">
                  {cell}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row has nothing else
              <Table.Tr key={at}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <Table.Td key={column}>{cell}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function Notebook({ cells }: { readonly cells: readonly NotebookCell[] }) {
  return (
    <Stack gap="xs">
      {cells.map(({ kind, source, outputs }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell has nothing else
        <div key={at}>
          {kind === "code" ? (
            <Code block className={styles.text ?? ""}>
              {source}
            </Code>
          ) : (
            <Text size="sm" className={styles.words ?? ""}>
              {source}
            </Text>
          )}
          {outputs.map((output, place) =>
            "png" in output ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <img key={place} src={`data:image/png;base64,${output.png}`} alt="What the cell drew" className={styles.picture} />
            ) : (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <Text key={place} size="xs" className={styles.output ?? ""}>
                {output.text}
              </Text>
            ),
          )}
        </div>
      ))}
    </Stack>
  );
}
