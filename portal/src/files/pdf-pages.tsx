import { Alert, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getDocument, type PDFDocumentProxy, PDFWorker } from "pdfjs-dist";
import { useEffect, useRef, useState } from "react";
import { Awaited } from "../connection/awaited.tsx";
import { loadWorker } from "../connection/load-worker.ts";
import styles from "./preview.module.css";

/** Of a longer one the rest is for a program that is made for it. */
const MOST_PAGES = 200;
/** Pixels of one page, whatever size it says that it has. */
const MOST_PIXELS = 8 * 2 ** 20;
const WIDTH = 860;
const UNSHOWN = {
  locked: "It is locked by a password: download it.",
  broken: "It is no PDF that can be shown: download it.",
  unread: "The part of this page that reads it could not be loaded: reload the page, or download it.",
};

/**
 * A PDF as pictures of its pages. What it brings of scripts, forms, links and files is not even read: pages alone are drawn, by a worker that has no
 * address to fetch anything from, under the page's own policy, which lets nothing be evaluated.
 */
export default function PdfPages({ content }: { readonly content: Blob }) {
  const [pdf, setPdf] = useState<PDFDocumentProxy>();
  const [failed, setFailed] = useState<keyof typeof UNSHOWN>();
  useEffect(() => {
    const thread = loadWorker(() => new Worker(new URL("./pdf.worker.ts", import.meta.url), { type: "module", name: "pdf" }));
    let isWanted = true;
    void (async () => {
      const [bytes, port] = await Promise.all([content.arrayBuffer(), thread]);
      if (!isWanted) return;
      const worker = PDFWorker.create({ port });
      const loading = getDocument({ data: bytes, worker, useWasm: false, enableXfa: false, stopAtErrors: false });
      // Nobody is asked for a password here.
      loading.onPassword = () => isWanted && setFailed("locked");
      const loaded = await loading.promise.catch(() => undefined);
      if (!isWanted) return;
      if (loaded === undefined) setFailed("broken");
      else setPdf(loaded);
    })().catch(() => isWanted && setFailed("unread"));
    return () => {
      isWanted = false;
      thread.then((worker) => worker.terminate()).catch(() => {});
    };
  }, [content]);
  if (failed !== undefined) return <Text size="sm">{UNSHOWN[failed]}</Text>;
  if (pdf === undefined) return <Awaited what="the file" height={240} />;
  const count = Math.min(pdf.numPages, MOST_PAGES);
  return (
    <Stack gap="sm">
      {pdf.numPages > count && <Alert color="gray" p="xs" title={`The first ${count} of ${pdf.numPages} pages`} />}
      {Array.from({ length: count }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a page has nothing else
        <Page key={at} pdf={pdf} number={at + 1} of={pdf.numPages} />
      ))}
    </Stack>
  );
}

/** Drawn when it comes into sight; its words are there for who hears the page. */
function Page({ pdf, number, of }: { readonly pdf: PDFDocumentProxy; readonly number: number; readonly of: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && setSeen(true), { rootMargin: "400px" });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const drawn = useQuery({
    queryKey: ["pdf page", pdf.fingerprints[0], number],
    enabled: isSeen,
    retry: false,
    gcTime: 0,
    queryFn: () => draw(pdf, number, canvas.current),
  });
  const words = drawn.data ?? "";
  return (
    <div>
      <canvas ref={canvas} className={styles.page} role="img" aria-label={`Page ${number} of ${of}`} />
      {words !== "" && <VisuallyHidden>{words}</VisuallyHidden>}
      {drawn.isError && <Text size="xs">Page {number} could not be drawn.</Text>}
    </div>
  );
}

/** Draws it, and gives the words on it. */
async function draw(pdf: PDFDocumentProxy, number: number, canvas: HTMLCanvasElement | null): Promise<string> {
  const page = await pdf.getPage(number);
  const whole = page.getViewport({ scale: 1 });
  const wanted = (WIDTH / whole.width) * Math.min(2, window.devicePixelRatio);
  const scale = Math.min(wanted, Math.sqrt(MOST_PIXELS / (whole.width * whole.height)));
  const viewport = page.getViewport({ scale });
  if (canvas === null) return "";
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  await page.render({ canvas, viewport }).promise;
  const { items } = await page.getTextContent();
  return items
    .map((item) => ("str" in item ? item.str : ""))
    .join(" ")
    .slice(0, 20_000);
}
