import { formatDuration } from "@guise/contract";
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconWifiOff } from "@tabler/icons-react";
import { useNow } from "../kit/use-now.ts";
import { type LivePicture, type LiveStore, useLive } from "../live/live-store.ts";
import { useSession } from "../session/session.ts";
import { clockText } from "./clock-text.ts";

/** What is back within a second was hardly gone. */
const WORTH_WORDS = 1_000;

const lostAtOf = ({ lostAt }: LivePicture) => lostAt;

/** Over every page, while nothing is told live: that it is so, since when, and that it goes on by itself. */
export function ConnectionBanner() {
  const { live } = useSession();
  const lostAt = useLive(live, lostAtOf);
  return <div aria-live="polite">{lostAt !== undefined && <Lost since={lostAt} live={live} />}</div>;
}

function Lost({ since, live }: { readonly since: number; readonly live: LiveStore }) {
  const gone = useNow(500) - since;
  if (gone < WORTH_WORDS) return null;
  return (
    <Alert color="red" icon={<IconWifiOff />} title="No connection to Guise" p="xs" mb="sm">
      <Group gap="sm">
        <Text size="sm">
          What you see is as of {clockText(since)}
          {/* Not read out: it would be each second. */}
          <span aria-hidden="true">, {formatDuration(Math.floor(gone / 1000) * 1000)} ago</span>. It is tried again by itself; workspaces go
          on.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => live.retry()}>
          Try now
        </Button>
      </Group>
    </Alert>
  );
}
