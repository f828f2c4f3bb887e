import type { Profession } from "./proof.ts";

const SHAPE = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect id="first" width="40" height="40" fill="red"/></svg>';

/** One beside the other. */
const TWO_POINTS =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAABGdBTUEAALGPC/xhBQAAACBjSFJNAAB6JgAAgIQAAPoAAACA6AAAdTAAAOpgAAA6mAAAF3CculE8AAAABmJLR0QA/wD/AP+gvaeTAAAAB3RJTUUH6gwBAjEfTpbGCQAAAA9JREFUCNdj/M/AwMDAAAAGCAEBw5pgxQAAACV0RVh0ZGF0ZTpjcmVhdGUAMjAyNi0xMi0wMVQwMjo0OTozMSswMDowMMW+cQAAAAAldEVYdGRhdGU6bW9kaWZ5ADIwMjYtMTItMDFUMDI6NDk6MzErMDA6MDC048m8AAAAAElFTkSuQmCC";

/** Drawings and photos, in windows. */
export const pictures: Profession = {
  persona: "pictures",
  applications: {
    inkscape: {
      kind: "desktop",
      settings: { dark: false, indent: 5 },
      prepares: [`echo '${SHAPE}' > shape.svg`],
      arguments: ["shape.svg"],
      keys: ["<ctrl+a>", "<ctrl+d>", "<ctrl+s>"],
      does: [["grep -A1 rect shape.svg", /^ {5}<rect\n {11}id="first"[\s\S]*^ {5}<rect\n/m]],
    },
    gimp: {
      kind: "desktop",
      settings: { new_image: "1280x720", theme: "Light", undo_levels: 7 },
      // a new picture as large as is usual, exported with what is usual
      keys: ["<ctrl+n>", "<enter>", "<ctrl+e>", "/home/user/new", "<enter>", "<enter>"],
      does: [["od -An -tu1 -j12 -N12 new.png", /^\s*73\s+72\s+68\s+82\s+0\s+0\s+5\s+0\s+0\s+0\s+2\s+208$/m]],
    },
    eog: {
      kind: "desktop",
      settings: { ask_save: false, gallery: true },
      prepares: [`echo ${TWO_POINTS} | base64 -d > wide.png && cp wide.png other.png`],
      arguments: ["wide.png"],
      // turned and saved; turned again and closed, upon which it would ask
      keys: ["<ctrl+r>", "<ctrl+s>", "<ctrl+r>", "<ctrl+w>"],
      does: [
        ["od -An -tu1 -j16 -N8 wide.png", /^\s*0\s+0\s+0\s+1\s+0\s+0\s+0\s+2$/m],
        ["cat /proc/[0-9]*/comm | grep -cx eog || true", /^0$/m],
      ],
    },
  },
};
