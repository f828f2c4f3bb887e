import type { EngineClient } from "#drivers/docker";

/** Before the names of images that are set aside. */
const ASIDE = "aside.";

/** Takes the images of personas that earlier files and runs built out of Guise's sight until `takeBack`: what is built meanwhile is built. */
export async function setAside(client: EngineClient): Promise<void> {
  for (const tag of await imageTags(client)) await rename(client, tag, `${ASIDE}${tag}`);
}

export async function takeBack(client: EngineClient): Promise<void> {
  const tags = (await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  for (const tag of tags.filter((one) => one.startsWith(ASIDE))) {
    const name = tag.slice(ASIDE.length);
    if (tags.includes(name)) await client.getImage(tag).remove({ force: true });
    else await rename(client, tag, name);
  }
}

/** Of the images of personas that Guise sees. */
export async function imageTags(client: EngineClient): Promise<string[]> {
  const tags = (await client.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  return tags.filter((tag) => tag.includes("/image:") && !tag.startsWith(ASIDE));
}

async function rename(client: EngineClient, tag: string, name: string): Promise<void> {
  const at = name.lastIndexOf(":");
  await client.getImage(tag).tag({ repo: name.slice(0, at), tag: name.slice(at + 1) });
  await client.getImage(tag).remove({ force: true });
}
