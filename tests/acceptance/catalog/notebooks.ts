import type { Profession } from "./proof.ts";

const cell = (source: string, nbgrader: Readonly<Record<string, unknown>>) => ({
  cell_type: "code",
  id: String(nbgrader.grade_id),
  metadata: { nbgrader: { schema_version: 3, locked: false, ...nbgrader } },
  execution_count: null,
  outputs: [],
  source,
});
const ASSIGNMENT = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "python3", display_name: "Python 3", language: "python" } },
  cells: [
    cell("### BEGIN SOLUTION\nanswer = 42\n### END SOLUTION", { grade: false, solution: true, grade_id: "task" }),
    cell("assert answer == 42", { grade: true, solution: false, points: 3, grade_id: "check" }),
  ],
};

/** Data science, and the teaching of it. */
export const notebooks: Profession = {
  persona: "notebooks",
  files: { "~/course/source/first/task.ipynb": { format: "text", content: JSON.stringify(ASSIGNMENT) } },
  applications: {
    jupyterlab: {
      kind: "web",
      settings: { theme: "dark", line_numbers: true },
      answers: [
        ["/lab/api/settings/@jupyterlab/apputils-extension:themes", /JupyterLab Dark/],
        ["/api/kernelspecs", /"python3"/],
      ],
    },
    marimo: {
      kind: "web",
      settings: { theme: "dark", code_font_size: 17, on_change: "mark" },
      answers: [["/", /"theme": ?"dark"[\s\S]*"on_cell_change": ?"lazy"|"on_cell_change": ?"lazy"[\s\S]*"theme": ?"dark"/]],
    },
    ipython: {
      kind: "terminal",
      settings: { start_lines: ["import math"], float_format: "%.3f", tracebacks: "Minimal" },
      screen: [[/In \[1\]: /, "math.pi\r"], [/Out\[1\]:\s*3\.142/]],
    },
    nbgrader: {
      kind: "command",
      settings: { course: "python-101", folder: "~/course" },
      arguments: ["generate_assignment", "first", "--create"],
      says: /Converting notebook|Writing/,
      does: [
        ["cat course/release/first/task.ipynb", /YOUR CODE HERE/],
        [
          "mkdir -p course/submitted/ann/first && cp course/source/first/task.ipynb course/submitted/ann/first/ && nbgrader autograde first --create && nbgrader export --to=grades.csv && cat grades.csv",
          /first,.*ann.*,3\.0,3\.0/,
        ],
      ],
    },
  },
};
