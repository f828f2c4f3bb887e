import { ActionIcon, Tooltip } from "@mantine/core";
import { IconSearch, IconTextDecrease, IconTextIncrease } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { changeTextSize } from "./text-size.ts";

/** What the keys do, for who does not know them. */
export function TextButtons({ find }: { find(): void }) {
  return (
    <>
      <TextButton label="Find in the terminal" keys="Ctrl+Shift+F" act={find} icon={<IconSearch size={14} />} />
      <TextButton label="Smaller letters" keys="Ctrl+-" act={() => changeTextSize("smaller")} icon={<IconTextDecrease size={14} />} />
      <TextButton label="Larger letters" keys="Ctrl++" act={() => changeTextSize("larger")} icon={<IconTextIncrease size={14} />} />
    </>
  );
}

interface TextButtonProps {
  readonly label: string;
  readonly keys: string;
  readonly icon: ReactNode;
  act(): void;
}

function TextButton({ label, keys, icon, act }: TextButtonProps) {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={label} onClick={act}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
