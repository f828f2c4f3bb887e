/** What environment markers are judged by: a workspace is a Debian machine. `python`: "3.11". */
export interface MarkerFacts {
  readonly python: string;
}

type Token = { readonly kind: "word" | "string" | "operator"; readonly text: string };
const TOKEN = /\s*(?:(\(|\))|(===?|!=|<=|>=|~=|<|>|\bnot\s{1,9}in\b|\bin\b)|(and|or)\b|"([^"]{0,100})"|'([^']{0,100})'|([a-z_]{1,40}))/y;

/** Whether a marker (PEP 508) holds; undefined for what is none. */
export function markerHolds(text: string, facts: MarkerFacts): boolean | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  let at = 0;
  const take = (text: string) => tokens[at]?.kind !== "string" && tokens[at]?.text === text && ++at > 0;
  const value = (): string | undefined => {
    const token = tokens[at++];
    if (token?.kind === "string") return token.text;
    return token === undefined ? undefined : factOf(token.text, facts);
  };
  const comparison = (depth: number): boolean | undefined => {
    if (take("(")) {
      const inner = depth > 20 ? undefined : alternatives(depth + 1);
      return take(")") ? inner : undefined;
    }
    const isVersion = tokens[at]?.text.startsWith("python_") || tokens[at + 2]?.text.startsWith("python_");
    const left = value();
    const operator = tokens[at++]?.text.replace(/\s+/g, " ");
    const right = value();
    return left === undefined || operator === undefined || right === undefined
      ? undefined
      : compared(left, operator, right, isVersion === true);
  };
  const all = (depth: number): boolean | undefined => {
    let holds = comparison(depth);
    while (take("and")) holds = both(holds, comparison(depth), (a, b) => a && b);
    return holds;
  };
  const alternatives = (depth: number): boolean | undefined => {
    let holds = all(depth);
    while (take("or")) holds = both(holds, all(depth), (a, b) => a || b);
    return holds;
  };
  const holds = alternatives(0);
  return at === tokens.length ? holds : undefined;
}

function both(a: boolean | undefined, b: boolean | undefined, of: (a: boolean, b: boolean) => boolean): boolean | undefined {
  return a === undefined || b === undefined ? undefined : of(a, b);
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const whole = text.trim().slice(0, 2_000);
  while (TOKEN.lastIndex < whole.length) {
    const match = TOKEN.exec(whole);
    if (match === null) return undefined;
    const [, bracket, operator, joint, double, single, word] = match;
    const quoted = double ?? single;
    if (quoted !== undefined) tokens.push({ kind: "string", text: quoted });
    else tokens.push({ kind: operator === undefined ? "word" : "operator", text: bracket ?? operator ?? joint ?? word ?? "" });
  }
  return tokens;
}

function factOf(name: string, { python }: MarkerFacts): string | undefined {
  const values: Readonly<Record<string, string>> = {
    os_name: "posix",
    sys_platform: "linux",
    platform_system: "Linux",
    platform_machine: "x86_64",
    platform_python_implementation: "CPython",
    implementation_name: "cpython",
    python_version: python,
    // What a patch release changes is nobody's condition; Debian's are late ones.
    python_full_version: `${python}.9`,
    extra: "",
  };
  return values[name];
}

function compared(left: string, operator: string, right: string, isVersion: boolean): boolean | undefined {
  if (operator === "in") return right.includes(left);
  if (operator === "not in") return !right.includes(left);
  const order = isVersion ? orderOf(left, right) : left === right ? 0 : undefined;
  if (operator === "==" || operator === "===") return order === 0;
  if (operator === "!=") return order !== 0;
  if (order === undefined) return undefined;
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  if (operator === ">") return order > 0;
  return operator === ">=" || operator === "~=" ? order >= 0 : undefined;
}

/** Of two versions, number by number; "3.*" counts as what it begins with. */
function orderOf(left: string, right: string): number {
  const numbers = (text: string) =>
    text
      .replace(/\.\*$/, "")
      .split(".")
      .map((part) => Number.parseInt(part, 10) || 0);
  const [a, b] = [numbers(left), numbers(right)];
  const length = right.endsWith(".*") ? b.length : Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
