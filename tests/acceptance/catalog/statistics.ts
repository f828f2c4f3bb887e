import type { Profession } from "./proof.ts";

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "ir", display_name: "R", language: "R" } },
  cells: [{ cell_type: "code", id: "model", metadata: {}, execution_count: null, outputs: [], source: "coef(lm(mpg ~ wt, mtcars))[[2]]" }],
};

export const statistics: Profession = {
  persona: "statistics",
  packages: ["jupyterlab"],
  files: { "~/model.ipynb": { format: "text", content: JSON.stringify(NOTEBOOK) } },
  applications: {
    r: {
      kind: "terminal",
      settings: { workspace: "keep", digits: 4, decimal_mark: ",", warnings: "at_once", prompt: "R> " },
      screen: [[/R> /, "kept <- 22 / 7; print(kept)\r"], [/3,143/]],
      leaves: "q()\r",
      does: [
        ["Rscript -e 'load(\"~/.RData\"); print(kept)'", /3,143/],
        ["Rscript -e 'library(dplyr, warn.conflicts = FALSE); mtcars |> group_by(cyl) |> summarise(cars = n())'", /8\s+14/],
        [
          "Rscript -e 'library(ggplot2); ggsave(\"cars.png\", qplot(wt, mpg, data = mtcars), width = 4, height = 3)' && head -c 4 cars.png",
          /PNG/,
        ],
        ["jupyter execute --inplace model.ipynb && cat model.ipynb", /-5[.,]344/],
      ],
    },
    radian: {
      kind: "terminal",
      settings: { color_scheme: "monokai", prompt: "model>", match_brackets: false },
      screen: [[/model>/, "summary(lm(mpg ~ wt, mtcars))$r.squared\r"], [/0[.,]7528/]],
    },
  },
};
