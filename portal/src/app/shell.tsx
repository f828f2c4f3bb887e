import { ActionIcon, AppShell, Burger, Button, Group, Menu, Text, Tooltip, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconDeviceDesktop,
  IconLayoutGrid,
  IconLogout,
  IconMoon,
  IconPencil,
  IconServer,
  IconSettings,
  IconSun,
  IconUser,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { ConnectionBanner } from "../connection/connection-banner.tsx";
import { PageLink } from "../kit/links.tsx";
import { Mark } from "../kit/mark.tsx";
import { PageNotices } from "../notices/page-notices.tsx";
import { useSession } from "../session/session.ts";
import { WorkspaceLinks } from "../workspaces/workspace-links.tsx";

export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { agent } = useSession();
  const { roles } = agent.me;
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }} padding="md">
      <a className="skip" href="#content">
        To the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={opened ? "Close the menu" : "Open the menu"} />
            <UnstyledButton component={Link} to="/" aria-label="Guise: your personas">
              <Mark />
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <ColorScheme />
            <Person />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" onClick={close} aria-label="Pages">
        <PageLink to="/" activeOptions={{ exact: true }} label="Personas" leftSection={<IconLayoutGrid size={16} />} />
        <WorkspaceLinks />
        {roles.includes("author") && <PageLink to="/authoring" label="Authoring" leftSection={<IconPencil size={16} />} />}
        {roles.includes("operator") && <PageLink to="/operations" label="Operations" leftSection={<IconServer size={16} />} />}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <PageNotices />
        <ConnectionBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

const SCHEMES = {
  auto: { next: "light", icon: <IconDeviceDesktop size={18} />, label: "Colors as the system has them; change to light" },
  light: { next: "dark", icon: <IconSun size={18} />, label: "Light colors; change to dark" },
  dark: { next: "auto", icon: <IconMoon size={18} />, label: "Dark colors; change to the system's" },
} as const;

function ColorScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { next, icon, label } = SCHEMES[colorScheme];
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={() => setColorScheme(next)}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function Person() {
  const { agent, signOut } = useSession();
  const { account, roles, groups } = agent.me;
  const leave = useMutation({ mutationFn: signOut });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="subtle" color="gray" leftSection={<IconUser size={16} />} maw={160}>
          <span className="cut">{account}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs">Roles: {roles.join(", ")}</Text>
          <Text size="xs">Groups: {groups.length === 0 ? "none" : groups.join(", ")}</Text>
        </Menu.Label>
        <Menu.Item component={Link} to="/preferences" leftSection={<IconSettings size={14} />}>
          Preferences
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => leave.mutate()}>
          Sign out of this browser
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
