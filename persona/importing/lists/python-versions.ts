/** Whether a Python is within conditions such as ">=3.9,<4"; a bare version is that one. Patch releases are nobody's condition. */
export function fits(conditions: string, python: string): boolean {
  const [major = 0, minor = 0] = python.split(".").map(Number);
  return conditions.split(",").every((clause) => {
    if (clause.trim() === "" || clause.trim() === "*") return true;
    const [, operator = "==", one = "", two] = /^\s{0,9}(===?|[<>!~]=|[<>^~=])?\s{0,9}(\d{1,3})(?:\.(\d{1,3}))?/.exec(clause) ?? [];
    if (one === "") return false;
    const isWhole = /^\s{0,9}\S{0,3}\s{0,9}\d{1,3}\.\d{1,3}\.\d/.test(clause);
    const order = major - Number(one) || (two === undefined ? 0 : minor - Number(two));
    if (operator === "^") return major === Number(one) && order >= 0;
    if (operator === "~=" || operator === "~") return order === 0 || (operator === "~=" && major === Number(one) && order > 0 && !isWhole);
    if (operator === ">=") return order >= 0;
    if (operator === ">") return order > 0 || (order === 0 && isWhole);
    if (operator === "<=") return order <= 0;
    if (operator === "<") return order < 0 || (order === 0 && isWhole);
    return operator === "!=" ? order !== 0 || isWhole : order === 0;
  });
}
