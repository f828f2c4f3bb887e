import { type PointerEvent, useRef } from "react";
import styles from "./panes.module.css";
import { LEAST_SHARE, MOST_SHARE, shareAfterKey, withinShares } from "./split-view.ts";

interface DividerProps {
  readonly share: number;
  /** One tab is above the other. */
  readonly stacked: boolean;
  /** While it is moved. */
  move(share: number): void;
}

/** The border between two tabs, which mouse, finger and keys move. */
export function Divider({ share, stacked, move }: DividerProps) {
  const line = useRef<HTMLDivElement>(null);
  /** A frame beside it would have what the mouse does over it to itself. */
  const hold = (holds: boolean) => line.current?.parentElement?.toggleAttribute("data-moving", holds);
  const drag = (event: PointerEvent) => {
    const room = line.current?.parentElement?.getBoundingClientRect();
    if (room === undefined || line.current?.hasPointerCapture(event.pointerId) !== true) return;
    move(withinShares(stacked ? (100 * (event.clientY - room.top)) / room.height : (100 * (event.clientX - room.left)) / room.width));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: one that is moved is no rule between paragraphs
    <div
      ref={line}
      role="separator"
      tabIndex={0}
      className={styles.divider}
      aria-label="Border between the two tabs"
      aria-orientation={stacked ? "horizontal" : "vertical"}
      aria-valuemin={LEAST_SHARE}
      aria-valuemax={MOST_SHARE}
      aria-valuenow={share}
      aria-valuetext={`${share} percent for the first`}
      onPointerDown={(event) => {
        line.current?.setPointerCapture(event.pointerId);
        hold(true);
      }}
      onPointerMove={drag}
      onLostPointerCapture={() => hold(false)}
      onDoubleClick={() => move(50)}
      onKeyDown={(event) => {
        const next = shareAfterKey(share, event.key);
        if (next === undefined) return;
        event.preventDefault();
        move(next);
      }}
    />
  );
}
