import type Docker from "dockerode";
import { ProvisioningError } from "#provisioning";
import type { EngineContainer } from "../../client.ts";
import type { EngineContext } from "../../engine-context.ts";
import { translated, unlessAbsent } from "../../engine-errors.ts";
import { LABELS } from "../../labels.ts";

const USER = "65534:65534";
const VARIABLES = ["PATH=/usr/local/bin:/usr/bin:/bin:/usr/games"];

export interface ImageName {
  readonly repository: string;
  readonly tag: string;
}

/**
 * Commits a build container as an image whose configuration is ours alone, and looks at what the engine made of it: a commit
 * also carries volumes, labels and settings of the container and its image along. `comment` is kept with the image and,
 * unlike a label, not handed on to containers.
 */
export async function commitLayer(
  context: EngineContext,
  container: EngineContainer,
  name: ImageName,
  comment: string,
): Promise<Docker.ImageInspectInfo> {
  return translated("image_build_failed", "the layer could not be committed", async () => {
    const image = context.client.getImage(`${name.repository}:${name.tag}`);
    await container.commit({ repo: name.repository, tag: name.tag, comment, pause: true, _body: configuration(context.installation) });
    const made = await image.inspect();
    const wrong = foreignSettings(context.installation, made.Config);
    if (wrong.length > 0) {
      await unlessAbsent(image.remove({ force: true }));
      throw new ProvisioningError("image_build_failed", `the image would carry settings that are not Guise's: ${wrong.join(", ")}`);
    }
    return made;
  });
}

function configuration(installation: string): object {
  return {
    User: USER,
    WorkingDir: "/",
    Entrypoint: [],
    Cmd: ["/bin/false"],
    Env: VARIABLES,
    Healthcheck: { Test: ["NONE"] },
    Labels: { [LABELS.installation]: installation, [LABELS.role]: "image", [LABELS.run]: "" },
    Volumes: {},
  };
}

type ImageConfiguration = Pick<
  Docker.ImageInspectInfo["Config"],
  "User" | "Env" | "Cmd" | "Volumes" | "WorkingDir" | "Entrypoint" | "OnBuild" | "Labels"
> & {
  readonly ExposedPorts?: object;
};

/** What a committed configuration holds beside ours, by name. */
export function foreignSettings(installation: string, config: ImageConfiguration): string[] {
  const labels = Object.entries(config.Labels ?? {}).filter(([name, value]) => {
    if (name === LABELS.installation) return value !== installation;
    if (name === LABELS.role) return value !== "image";
    return name !== LABELS.run || value !== "";
  });
  return [
    ...(Object.keys(config.Volumes ?? {}).length > 0 ? ["volumes"] : []),
    ...(Object.keys(config.ExposedPorts ?? {}).length > 0 ? ["ports"] : []),
    ...((config.OnBuild ?? []).length > 0 ? ["triggers"] : []),
    ...(listed(config.Entrypoint).length > 0 ? ["an entry point"] : []),
    ...(config.User === USER ? [] : ["a user"]),
    ...(config.WorkingDir === "/" ? [] : ["a working folder"]),
    ...(String(config.Env) === String(VARIABLES) ? [] : ["variables"]),
    ...(String(config.Cmd) === "/bin/false" ? [] : ["a command"]),
    ...labels.map(([name]) => `label ${name}`),
  ];
}

function listed(value: string | string[] | null | undefined): string[] {
  return value === null || value === undefined ? [] : [value].flat();
}
