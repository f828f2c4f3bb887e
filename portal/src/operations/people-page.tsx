import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Awaited } from "../connection/awaited.tsx";
import { ErrorNotice } from "../kit/error-notice.tsx";
import { usePageTitle } from "../kit/page-title.ts";
import { useSession } from "../session/session.ts";
import { Groups } from "./groups.tsx";
import { People } from "./people.tsx";

const LOOK_EVERY = 10_000;

/** Who may sign in, with which roles, in which groups, and what those are granted. */
export function PeoplePage() {
  usePageTitle("People and groups");
  const { agent } = useSession();
  const people = useQuery({
    queryKey: ["accounts"],
    queryFn: () => agent.admin.accounts(),
    refetchInterval: LOOK_EVERY,
  });
  const groups = useQuery({ queryKey: ["groups"], queryFn: () => agent.admin.groups(), refetchInterval: LOOK_EVERY });
  const error = people.error ?? groups.error;
  const again = () => void Promise.all([people.refetch(), groups.refetch()]);
  return (
    <Stack gap="xl">
      {error !== null && (
        <ErrorNotice error={error} what="People and groups could not be read; what stands here may be old" retry={again} />
      )}
      {people.data !== undefined && groups.data !== undefined ? (
        <>
          <People people={people.data} groups={groups.data.map(({ group }) => group)} />
          <Groups groups={groups.data} />
        </>
      ) : (
        error === null && <Awaited what="the list of people" height={240} />
      )}
    </Stack>
  );
}
