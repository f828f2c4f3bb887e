/** Arguments as POSIX shell text that gives exactly these arguments again, whatever they contain. Throws on NUL, which no argument can hold. */
export function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(" ");
}

function shellWord(word: string): string {
  if (word.includes("\0")) throw new RangeError("an argument contains a NUL character");
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** OPTIND is the one name whose value a shell looks at: a word in it ends the shell. */
const NAME = /^(?!OPTIND$)[A-Za-z_][A-Za-z0-9_]*$/;

/** Variables as shell text to be sourced. Throws on a name that a shell does not take, and on NUL. */
export function shellVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (!NAME.test(name)) throw new RangeError(`${JSON.stringify(name)} is not a name of a variable`);
      return `export ${name}=${shellWord(value)}\n`;
    })
    .join("");
}
