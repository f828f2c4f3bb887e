import { type Launchable, type OwnApplication, parseDuration } from "@guise/contract";
import { homeExpanded } from "#applications";
import type { ConcreteApplication } from "./concrete.ts";

type Own = Readonly<Record<string, OwnApplication>> | undefined;

const START_WITHIN = "60s";

/** Applications that a persona describes itself, as they are launched. */
export function ownApplications(own: Own): ConcreteApplication[] {
  return Object.entries(own ?? {}).map(([application, described]) => {
    const { name = application, kind, icon, needs, command, working_directory: workingDirectory, variables = {} } = described;
    return {
      application,
      name,
      kind,
      ...(icon === undefined ? {} : { icon }),
      ...(needs === undefined ? {} : { needs }),
      command,
      workingDirectory,
      variables: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, homeExpanded(String(value))])),
      seccomp: "strict",
      web: webOf(described),
      isOwn: true,
    };
  });
}

/** The same before anybody has asked for it. */
export function ownLaunchables(own: Own): Launchable[] {
  return ownApplications(own).map(({ application, name, kind, icon, needs }) => ({
    ...{ application, name, kind },
    ...(icon === undefined ? {} : { icon }),
    ...(needs === undefined ? {} : { needs }),
  }));
}

function webOf({ port, path = "/", ready_path: readyPath = path, within = START_WITHIN }: OwnApplication): ConcreteApplication["web"] {
  return port === undefined ? undefined : { port, path, readyPath, within: parseDuration(within) };
}
