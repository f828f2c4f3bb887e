import { Skeleton, type SkeletonProps, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useAfter } from "../kit/use-after.ts";
import { type LivePicture, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";

interface AwaitedProps extends Pick<SkeletonProps, "height" | "maw"> {
  /** What is asked for, as it stands in a sentence: "the status". */
  readonly what: string;
  /** Its shape, where that is not one block. */
  readonly children?: ReactNode;
}

const isLost = ({ lostAt }: LivePicture) => lostAt !== undefined;

/** The shape of what is asked for. What takes more than a second has words: a grey block does not say whether anything comes. */
export function Awaited({ what, height, maw, children }: AwaitedProps) {
  const slow = useAfter(1_000);
  const lost = useLive(useSession().live, isLost);
  return (
    <Stack gap="xs" aria-busy="true" {...(maw === undefined ? {} : { maw })}>
      <Text size="sm" role="status">
        {slow && (lost ? withoutConnection(what) : `Guise has not answered yet; ${what} is still asked for.`)}
      </Text>
      {children ?? <Skeleton height={height} radius="md" />}
    </Stack>
  );
}

function withoutConnection(what: string): string {
  return `There is no connection to Guise: ${what} comes as soon as it is back, by itself.`;
}
