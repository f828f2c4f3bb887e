import { useMediaQuery } from "@mantine/hooks";
import type { CSSProperties, ReactNode } from "react";
import { Divider } from "./divider.tsx";
import styles from "./panes.module.css";
import type { Split } from "./split-view.ts";

interface PanesProps {
  readonly split: Split | undefined;
  readonly children: ReactNode;
  move(share: number): void;
}

/** Where tabs are shown: one, or two side by side; where there is no room for that, one above the other. */
export function Panes({ split, children, move }: PanesProps) {
  const stacked = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const { share } = split ?? { share: 100 };
  const shares = { "--first": `${share}fr`, "--second": `${100 - share}fr` } as CSSProperties;
  // The same element in both cases: what is in it would begin anew in another.
  return (
    <div className={styles.panes} data-split={split && (stacked ? "stacked" : "beside")} style={shares}>
      {children}
      {split !== undefined && <Divider share={share} stacked={stacked} move={move} />}
    </div>
  );
}
