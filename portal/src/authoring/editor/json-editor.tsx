import { autocompletion, type CompletionContext, type CompletionResult, startCompletion } from "@codemirror/autocomplete";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { CatalogView, Problem } from "@guise/contract";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { useEffect, useRef } from "react";
import { visibleText } from "../../kit/visible-text.ts";
import { rangeOf, readDraft, stepsOf } from "./draft-text.ts";
import classes from "./json-editor.module.css";
import { proposalsAt } from "./propose.ts";

interface JsonEditorProps {
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  readonly catalog: CatalogView | undefined;
  change(text: string): void;
}

/** The draft as JSON: what may stand where is proposed, and what is wrong is told at its place. */
export function JsonEditor({ text, problems, schema, catalog, change }: JsonEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const now = useRef({ schema, catalog, change });
  now.current = { schema, catalog, change };
  const first = useRef(text);

  useEffect(() => {
    if (place.current === null) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          basicSetup,
          json(),
          syntaxHighlighting(COLORS),
          LOOKS,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": "Persona as JSON", spellcheck: "false" }),
          autocompletion({ override: [(context) => complete(context, now.current)], activateOnCompletion: () => true }),
          EditorView.updateListener.of(({ docChanged, state, transactions }) => {
            if (
              docChanged &&
              transactions.some(
                (one) =>
                  one.isUserEvent("input") ||
                  one.isUserEvent("delete") ||
                  one.isUserEvent("undo") ||
                  one.isUserEvent("redo") ||
                  one.isUserEvent("move"),
              )
            )
              now.current.change(state.doc.toString());
          }),
        ],
      }),
    });
    // It scrolls by keyboard too, without the cursor.
    editor.scrollDOM.tabIndex = 0;
    view.current = editor;
    return () => editor.destroy();
  }, []);

  // What the form has changed: the least that differs is exchanged, so that the cursor stays where it is.
  useEffect(() => {
    const editor = view.current;
    if (editor === undefined) return;
    const before = editor.state.doc.toString();
    if (before !== text) editor.dispatch({ changes: differing(before, text) });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor === undefined || editor.state.doc.toString() !== text) return;
    editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(text, problems)));
  }, [text, problems]);

  return <div ref={place} className={classes.editor} />;
}

/** The one piece in which two texts differ. */
function differing(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let from = 0;
  while (from < most && before[from] === after[from]) from++;
  let end = 0;
  while (end < most - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

function diagnosticsOf(text: string, problems: readonly Problem[]): Diagnostic[] {
  const { fault } = readDraft(text);
  if (fault !== undefined)
    return [
      {
        from: fault.offset,
        to: Math.min(text.length, fault.offset + Math.max(1, fault.length)),
        severity: "error",
        message: fault.message,
      },
    ];
  return problems.map(({ path, message, suggestion }) => {
    const steps = stepsOf(path);
    const range = steps === undefined ? { from: 0, to: Math.min(1, text.length) } : rangeOf(text, steps);
    const told = suggestion === undefined ? message : `${message}; perhaps ${suggestion}`;
    return { ...range, severity: "error", message: visibleText(told) };
  });
}

function complete(context: CompletionContext, { schema, catalog }: Pick<JsonEditorProps, "schema" | "catalog">): CompletionResult | null {
  if (schema === undefined) return null;
  const text = context.state.doc.toString();
  if (!context.explicit && !/["\w-]/.test(text[context.pos - 1] ?? "")) return null;
  const { from, to, proposals } = proposalsAt(text, context.pos, schema, catalog);
  if (proposals.length === 0) return null;
  return {
    from,
    to,
    filter: false,
    options: proposals
      .filter(({ label }) => matches(label, text.slice(from, context.pos)))
      .map(({ label, info, insert }) => ({
        label,
        ...(info === undefined ? {} : { info }),
        apply: (view, _, start, end) => {
          // A value that is begun (`""`, `{}`) is gone into.
          const inner = /(""|\{\}|\[\])$/.test(insert) ? 1 : 0;
          view.dispatch({
            changes: { from: start, to: Math.max(end, to), insert },
            selection: { anchor: start + insert.length - inner },
            userEvent: "input.complete",
          });
          if (inner > 0) startCompletion(view);
        },
      })),
  };
}

function matches(label: string, typed: string): boolean {
  return label.toLowerCase().includes(typed.replaceAll('"', "").trim().toLowerCase());
}

const COLORS = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--json-name)" },
  { tag: tags.string, color: "var(--json-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--json-number)" },
]);

const LOOKS = EditorView.theme({
  "&": { fontSize: "var(--mantine-font-size-xs)", height: "100%", backgroundColor: "transparent", color: "var(--mantine-color-text)" },
  ".cm-scroller": { fontFamily: "var(--mantine-font-family-monospace)" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    color: "var(--mantine-color-dimmed)",
    borderRight: "1px solid var(--mantine-color-default-border)",
  },
  ".cm-content": { caretColor: "var(--mantine-color-text)" },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--mantine-color-default-hover)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--json-selected) !important" },
  ".cm-tooltip": {
    backgroundColor: "var(--mantine-color-body)",
    border: "1px solid var(--mantine-color-default-border)",
    color: "var(--mantine-color-text)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    backgroundColor: "var(--mantine-primary-color-filled)",
    color: "var(--mantine-color-white)",
  },
});
