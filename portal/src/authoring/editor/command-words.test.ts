import fc from "fast-check";
import { expect, test } from "vitest";
import { lineOf, wordsOf } from "./command-words.ts";

test("a line is read as a terminal would take its words", () => {
  expect(wordsOf("streamlit run ~/app.py --server.port 8501")).toEqual(["streamlit", "run", "~/app.py", "--server.port", "8501"]);
  expect(wordsOf(`  sh -c 'echo "a  b" | wc -c'  `)).toEqual(["sh", "-c", 'echo "a  b" | wc -c']);
  expect(wordsOf(`a\\ b "c \\" \\n" ''`)).toEqual(["a b", 'c " \\n', ""]);
  expect(wordsOf("")).toEqual([]);
});

test("a line that is not at its end is no command yet", () => {
  expect(wordsOf("sh -c 'echo")).toBeUndefined();
  expect(wordsOf('echo "')).toBeUndefined();
  expect(wordsOf("echo \\")).toBeUndefined();
});

test("whatever the words, the line that is shown for them is read as the same", () => {
  const word = fc.oneof(fc.string(), fc.stringMatching(/^['"\\ a~\n$|]{0,8}$/));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(wordsOf(lineOf(words))).toEqual(words);
    }),
  );
});
