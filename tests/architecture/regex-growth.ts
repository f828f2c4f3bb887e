import { RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import type { Alternative, Quantifier } from "@eslint-community/regexpp/ast";
import { getConsumedChars, getFirstCharAfter, getFirstConsumedChar, type ReadonlyFlags } from "regexp-ast-analysis";
import { analyse, type Report } from "scslre";

/** A regular expression of the source. */
export interface Written {
  readonly source: string;
  readonly flags: string;
}

/**
 * Why the work of an expression could grow faster than the text that it is given; undefined when it cannot. Read from its form and not
 * measured, so that the answer hangs on no machine: either one attempt steps back over the same characters again and again (the
 * library's part), or attempts begin anew at every character of what the last one went through in vain (ours).
 */
export function growthReason({ source, flags }: Written): string | undefined {
  const [report] = analyse({ source, flags }, { reportTypes: { Move: false } }).reports;
  if (report !== undefined)
    return `${report.exponential ? "exponential" : "polynomial"}: ${partsOf(report).join(" and ")} share characters`;
  const again = restarting({ source, flags });
  return again === undefined ? undefined : `${again.raw} is gone through again from each of its own characters`;
}

function partsOf(report: Report): string[] {
  if (report.type === "Trade") return [report.startQuant.raw, report.endQuant.raw];
  return [report.quant.raw];
}

/** The unbounded part that may fail behind itself, and within which the expression may begin anew. */
function restarting({ source, flags: text }: Written): Quantifier | undefined {
  if (text.includes("y")) return undefined;
  const parser = new RegExpParser();
  const flags = parser.parseFlags(text);
  const pattern = parser.parsePattern(source, 0, source.length, { unicode: flags.unicode, unicodeSets: flags.unicodeSets });
  return pattern.alternatives.flatMap((alternative) => restartingIn(alternative, flags))[0];
}

function restartingIn(alternative: Alternative, flags: ReadonlyFlags & { multiline: boolean }): Quantifier[] {
  const anchored = alternative.elements[0]?.type === "Assertion" && alternative.elements[0].kind === "start";
  if (anchored && !flags.multiline) return [];
  const first = getFirstConsumedChar(alternative, "ltr", flags).char;
  const found: Quantifier[] = [];
  visitRegExpAST(alternative, {
    onQuantifierEnter(quantifier) {
      if (quantifier.max !== Number.POSITIVE_INFINITY) return;
      const { chars } = getConsumedChars(quantifier.element, flags);
      const behind = getFirstCharAfter(quantifier, "ltr", flags);
      const anew = anchored ? chars.has(10) : !chars.isDisjointWith(first);
      if (anew && !(behind.edge && behind.char.isAll)) found.push(quantifier);
    },
  });
  return found;
}
