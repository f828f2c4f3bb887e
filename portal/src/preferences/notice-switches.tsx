import type { NoticeKind, Preferences } from "@guise/contract";
import { Fieldset, Stack, Switch, Text } from "@mantine/core";
import { askToNotify, canNotify, isOn, switchOn, useBrowserNotices } from "../notices/browser-notices.ts";

type Notices = NonNullable<Preferences["notices"]>;

const LABELS: Readonly<Record<NoticeKind, string>> = {
  ready: "A workspace that I waited for is ready",
  stopping: "A workspace is about to be paused or given back",
  failed: "A workspace has failed",
};

interface NoticeSwitchesProps {
  readonly notices: Notices;
  change(notices: Notices): void;
}

/** What one is told of outside the page, and whether this browser tells it too. */
export function NoticeSwitches({ notices, change }: NoticeSwitchesProps) {
  const on = useBrowserNotices(isOn);
  const turn = async (wanted: boolean) => switchOn(wanted && (await askToNotify()));
  return (
    <Fieldset legend="Notices outside the page">
      <Stack gap="sm">
        <Text size="sm">By mail and other ways, where this installation has them.</Text>
        {Object.entries(LABELS).map(([kind, label]) => (
          <Switch
            key={kind}
            label={label}
            checked={notices[kind as NoticeKind] !== false}
            onChange={(event) => change(switched(notices, kind as NoticeKind, event.currentTarget.checked))}
          />
        ))}
        <Switch
          label="By this browser too, while the page is open and hidden"
          description={canNotify() ? undefined : "Your browser is set to show no notices of this page."}
          disabled={!canNotify()}
          checked={on}
          onChange={(event) => void turn(event.currentTarget.checked)}
        />
      </Stack>
    </Fieldset>
  );
}

/** What is on is not said: it is so without a word. */
function switched(notices: Notices, kind: NoticeKind, on: boolean): Notices {
  const { [kind]: _, ...others } = notices;
  return on ? others : { ...others, [kind]: false };
}
