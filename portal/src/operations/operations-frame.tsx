import { Stack, Text, Title } from "@mantine/core";
import { Outlet } from "@tanstack/react-router";
import { PageLink } from "../kit/links.tsx";
import { useSession } from "../session/session.ts";
import classes from "./operations-frame.module.css";

/** The pages of operators, each with an address of its own. Nothing is asked for that others do not get. */
export function OperationsFrame() {
  const { roles } = useSession().agent.me;
  if (!roles.includes("operator")) {
    return (
      <Stack gap="xs" maw={640}>
        <Title order={1} size="h3">
          Operations
        </Title>
        <Text>This is for operators: your account does not have that role. An operator can give it to you.</Text>
      </Stack>
    );
  }
  return (
    <Stack gap="md" maw={1280}>
      <nav aria-label="Operations" className={classes.pages}>
        <PageLink to="/operations" activeOptions={{ exact: true, includeSearch: false }} label="Capacity and queue" w="auto" />
        <PageLink to="/operations/workspaces" activeOptions={{ includeSearch: false }} label="Workspaces" w="auto" />
        <PageLink to="/operations/people" label="People and groups" w="auto" />
        <PageLink to="/operations/homes" label="Homes" w="auto" />
        <PageLink to="/operations/images" label="Images" w="auto" />
        <PageLink to="/operations/usage" activeOptions={{ includeSearch: false }} label="Usage over time" w="auto" />
      </nav>
      <Outlet />
    </Stack>
  );
}
