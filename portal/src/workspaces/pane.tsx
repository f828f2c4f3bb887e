import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconMaximize, IconMinimize, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./panes.module.css";
import type { Side } from "./split-view.ts";

export interface PaneProps {
  readonly tab: string;
  readonly name: string;
  /** Where it is seen; undefined: it is not. */
  readonly side: Side | undefined;
  readonly active: boolean;
  readonly whole: boolean;
  readonly isSplit: boolean;
  /** It is as high as the window, whatever is in it. */
  readonly fills: boolean;
  readonly warning: string | undefined;
  readonly children: ReactNode;
  /** The person is in it. */
  entered(): void;
  setWhole(whole: boolean): void;
  /** It leaves its room to the other. */
  giveUp(): void;
}

/** The tab list's id: each tab and its panel name each other by it. */
export const TABS = "workspace-tabs";

/** What a tab shows. Beside another, and on the whole screen, it has a bar of its own. */
export function Pane({ tab, name, side, active, whole, isSplit, fills, warning, children, entered, setWhole, giveUp }: PaneProps) {
  const scrolls = (isSplit || whole) && !fills;
  return (
    <div
      role="tabpanel"
      id={`${TABS}-panel-${tab}`}
      aria-labelledby={`${TABS}-tab-${tab}`}
      className={styles.pane}
      data-side={side}
      data-active={active || undefined}
      data-whole={whole || undefined}
      data-fills={fills || undefined}
      onFocusCapture={entered}
      onPointerDownCapture={entered}
    >
      <div className={styles.bar}>
        <Text size="sm" fw={600} className={`${styles.name} cut`}>
          {name}
        </Text>
        {whole && warning !== undefined && (
          <Text size="sm" role="status" className="cut">
            <IconAlertTriangle size={14} aria-hidden /> {warning}
          </Text>
        )}
        {whole ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconMinimize size={14} />}
            onClick={() => setWhole(false)}
            data-way-out
            style={{ flexShrink: 0 }}
          >
            Leave full screen
          </Button>
        ) : (
          <>
            <PaneButton label={`Show ${name} on the whole screen`} act={() => setWhole(true)} icon={<IconMaximize size={14} />} />
            <PaneButton label={`Hide ${name}`} act={giveUp} icon={<IconX size={14} />} />
          </>
        )}
      </div>
      <div className={styles.content} {...(scrolls ? { tabIndex: 0 } : {})}>
        {children}
      </div>
    </div>
  );
}

function PaneButton({ label, icon, act }: { readonly label: string; readonly icon: ReactNode; act(): void }) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={act}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
