import type { Profession } from "./proof.ts";

/** Python in a window. */
export const pythonDesktop: Profession = {
  persona: "python-desktop",
  applications: {
    spyder: {
      kind: "desktop",
      settings: { colors: "spyder", trim: true, add_newline: true },
      prepares: ["echo 'answer = 6 * 7' > sum.py"],
      arguments: ["sum.py"],
      // again and again, for its window stands a while before the file is in it; the last runs the file in the console
      keys: [...Array<string>(6).fill("<ctrl+end>"), 'open("made.txt", "w").write(str(answer))   ', "<ctrl+s>", "<f5>"],
      does: [
        ["cat -A sum.py", /^answer = 6 \* 7\$\nopen\("made.txt", "w"\)\.write\(str\(answer\)\)\$\n$/],
        ["cat made.txt", /^42$/],
      ],
    },
  },
};
