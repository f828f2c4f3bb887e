/** The process that reads of sandboxes what may make it wait: one question after another. It ends with whoever asks. */
import { READER_UP, type ReaderAnswer, type ReaderQuestion } from "./reader-protocol.ts";
import { READINGS } from "./readings.ts";

function answer({ kind, about }: ReaderQuestion): ReaderAnswer {
  try {
    return { value: (READINGS[kind] as (about: unknown) => unknown)(about) };
  } catch (error) {
    return { gone: error instanceof Error ? error.message : String(error) };
  }
}

process.on("message", (question: ReaderQuestion) => process.send?.(answer(question)));
process.on("disconnect", () => process.exit());
process.send?.(READER_UP);
