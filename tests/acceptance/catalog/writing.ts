import type { Profession } from "./proof.ts";

const ESCAPE = "\u001b";
const CONTROL = { q: "\u0011", s: "\u0013", x: "\u0018" };
const DOUBTFUL = [
  'msgid ""',
  'msgstr ""',
  '"Content-Type: text/plain; charset=UTF-8\\n"',
  "",
  'msgid "Delete %d files."',
  'msgstr "Dateien"',
];

export const writing: Profession = {
  persona: "writing",
  files: {
    "~/paper.tex": {
      format: "text",
      content: "\\documentclass{article}\n\\begin{document}\n\\tableofcontents\n\\section{One}\nText.\n\\end{document}\n",
    },
    "~/note.md": { format: "text", content: "# One\n\nA sentence that is longer than forty columns are.\n" },
  },
  applications: {
    latex: {
      kind: "command",
      settings: { output_folder: "made", on_error: "stop", maximum_runs: 4 },
      arguments: ["paper.tex"],
      says: /Output written on made\/paper\.pdf \(1 page/,
      does: [
        ["head -c 5 made/paper.pdf", /%PDF-/],
        ["echo '\\undefined' > wrong.tex; latexmk wrong.tex || true", /halt-on-error[\s\S]*Fatal error occurred/],
      ],
    },
    aspell: {
      kind: "terminal",
      settings: { language: "en_GB", mode: "markdown" },
      prepares: ["echo 'The colour of the aprle.' > letter.md"],
      arguments: ["letter.md"],
      screen: [[/aprle[\s\S]*1\) /, "1"]],
      does: [
        ["cat letter.md", /^The colour of the (?!aprle)/],
        ["echo 'colour color' | aspell list", /^color\n$/],
      ],
    },
    emacs: {
      kind: "terminal",
      settings: { theme: "modus-vivendi", tabs_to_spaces: true, familiar_keys: true, menu: false, text_width: 60 },
      arguments: ["dear.md"],
      screen: [[/dear\.md[\s\S]*\(Markdown/, `Dear all${CONTROL.x}${CONTROL.s}`], [/Wrote/]],
      does: [
        ["cat dear.md", /Dear all/],
        [
          "emacs --batch -l ~/.emacs.d/init.el --eval '(print (list fill-column indent-tabs-mode cua-mode menu-bar-mode custom-enabled-themes))'",
          /\(60 nil t nil \(modus-vivendi\)\)/,
        ],
        ["touch de.po && emacs --batch -f package-activate-all de.po --eval '(print major-mode)'", /po-mode/],
      ],
    },
    mkdocs: {
      kind: "web",
      settings: { title: "Handbook", copyright: "Example Ltd" },
      prepares: ["echo '# Second page' > site/docs/second.md"],
      answers: [
        ["/", /^(?![\s\S]*fonts\.googleapis)[\s\S]*mkdocs-material[\s\S]*<title>Handbook[\s\S]*Example Ltd/],
        ["/second/", /<h1[^>]*>Second page/],
      ],
    },
    "translate-toolkit": {
      kind: "command",
      settings: { language: "de", leave_out: ["endpunc"] },
      prepares: [`printf '%s\\n' '${DOUBTFUL.join("' '")}' > ui.po`],
      arguments: ["ui.po", "doubtful.po"],
      says: /processing/,
      does: [
        ["cat doubtful.po", /^(?![\s\S]*endpunc)[\s\S]*\(pofilter\) [\s\S]*printf/],
        ["pocount ui.po", /total/i],
        ["msgfmt --statistics -o ui.mo ui.po", /1 translated message/],
      ],
    },
    pandoc: {
      kind: "command",
      settings: { author: "The Editors", number_sections: true },
      arguments: ["note.md"],
      says: /The Editors[\s\S]*header-section-number">1</,
    },
    prettier: {
      kind: "command",
      settings: { prose_wrap: "always", print_width: 40 },
      arguments: ["note.md"],
      says: /A sentence that is longer than forty\ncolumns are\./,
    },
    micro: {
      kind: "terminal",
      settings: { tab_size: 2, tabs_to_spaces: true },
      arguments: ["micro.txt"],
      screen: [[/micro\.txt/, `\tword${CONTROL.s}`], [/Saved/]],
      does: [["cat micro.txt", /^ {2}word$/m]],
    },
    vim: {
      kind: "terminal",
      settings: { tab_size: 3, tabs_to_spaces: true },
      arguments: ["vim.txt"],
      screen: [[/vim\.txt/, `i\tword${ESCAPE}:w\r`], [/written/]],
      does: [["cat vim.txt", /^ {3}word$/m]],
    },
  },
};
