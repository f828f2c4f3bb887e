import type { Profession } from "./proof.ts";

const PDF =
  "%%PDF-1.4\\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\\n" +
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R>>endobj\\n" +
  "4 0 obj<</Length 20>>stream\\n1 0 0 rg 9 9 99 9 re f\\nendstream endobj\\ntrailer<</Root 1 0 R>>\\n";
const PREFERENCES = "~/.config/glib-2.0/settings/keyfile";

/** Tables, letters and notes, in windows. */
export const office: Profession = {
  persona: "office",
  applications: {
    gnumeric: {
      kind: "desktop",
      settings: { enter_moves: "right", compression: 0 },
      prepares: ["printf 'a,b\\n1,2\\n' > table.csv && ssconvert table.csv book.gnumeric"],
      arguments: ["book.gnumeric"],
      keys: ["7\n", "8\n", "<ctrl+s>"],
      does: [
        ["ssconvert book.gnumeric back.csv && cat back.csv", /^7,8\n1,2$/m],
        ["head -c 100 book.gnumeric", /^<\?xml/],
      ],
    },
    mousepad: {
      kind: "desktop",
      settings: { insert_spaces: true, tab_width: 3, make_backup: true },
      prepares: ["echo first > notes.txt"],
      arguments: ["notes.txt"],
      keys: ["<ctrl+end>", "<tab>", "more é", "<ctrl+s>"],
      does: [
        ["cat notes.txt", /^first\n {3}more é/],
        ["cat notes.txt~", /^first\n$/],
      ],
    },
    evince: {
      kind: "desktop",
      settings: { inverted_colors: true, dual_page: true },
      prepares: [`printf '${PDF}' > page.pdf`],
      arguments: ["page.pdf"],
      // turns the colors, makes what is shown the default, and saves a copy
      keys: ["<ctrl+i>", "<ctrl+t>", "<ctrl+s>", "copy", "<enter>"],
      does: [
        ["cat copy.pdf", /^%PDF[\s\S]*9 9 99 9 re/],
        [`cat ${PREFERENCES}`, /inverted-colors=false[\s\S]*dual-page=true[\s\S]*sizing-mode=/],
      ],
    },
    "libreoffice-calc": {
      kind: "desktop",
      settings: { enter_moves: "right", ask_format: false },
      prepares: ["printf 'a,b\\n1,2\\n' > sums.csv"],
      arguments: ["sums.csv"],
      // the first is for what it asks of the file's separators
      keys: ["<enter>", "7\n", "8\n", "<ctrl+s>"],
      does: [["cat sums.csv", /^7,8\n1,2$/m]],
    },
    "libreoffice-writer": {
      kind: "desktop",
      settings: { ask_format: false, backup: true },
      prepares: ["echo Hello > letter.txt"],
      arguments: ["letter.txt"],
      keys: ["<ctrl+end>", "and more", "<ctrl+s>"],
      does: [
        ["cat letter.txt", /Hello\s*and more/],
        ["cat ~/.config/libreoffice/writer/user/backup/letter*", /Hello/],
      ],
    },
  },
};
