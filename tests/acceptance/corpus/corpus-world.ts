import { type EngineWorld, openEngineWorld, quietReport, sandboxSpec } from "#drivers/docker/engine-world";
import { packageProblems, resolvePersona, validatePersona } from "#persona";
import { type BuiltImage, type Driver, type ImagePlan, ProvisioningError, quietBuild } from "#provisioning";
import { imagePlanOf } from "../../../lifecycle/translate.ts";
import { importFolder } from "../../../persona/importing/corpus-lists.fixture.ts";
import { testContext } from "../../../persona/test-context.ts";
import { trialScript } from "./trial-script.ts";

/** What became of the lists of one folder, as their owner sees it. */
export interface FolderTrial {
  /** What validation says of lines of the draft: the line, and the sentence. They are left out of what is built, as their author would. */
  readonly refused: Readonly<Record<string, string>>;
  /** Why the rest could not be built. */
  readonly unbuilt?: string;
  /** What was named and does not work in a workspace, with what it said. */
  readonly broken: Readonly<Record<string, string>>;
  /** How many packages and programs were tried. */
  readonly tried: number;
}

/** What validation says of a draft. */
interface Examined {
  readonly plan: ImagePlan;
  /** By line. */
  readonly lines: Readonly<Record<string, string>>;
  /** Of all of it, where no line is at fault alone. */
  readonly whole: string | undefined;
}

const SIZE = { cpu: 2000, ram: 2 * 2 ** 30, processes: 512 };
const STORAGE = 512 * 2 ** 20;

/** Where the drafts of the corpus are built: the layers of one are there for the next. */
export class CorpusWorld {
  readonly #world: EngineWorld;
  readonly #driver: Driver;
  readonly #context: Awaited<ReturnType<typeof testContext>>;

  private constructor(world: EngineWorld, driver: Driver, context: Awaited<ReturnType<typeof testContext>>) {
    this.#world = world;
    this.#driver = driver;
    this.#context = context;
  }

  static async open(): Promise<CorpusWorld> {
    const world = await openEngineWorld({ ownImages: "long-corpus", toolchain: true });
    return new CorpusWorld(world, (await world.driver()).driver, await testContext());
  }

  async close(): Promise<void> {
    // The box in which the mirrors are asked waits for more questions.
    await this.#world.images.close();
    await this.#world.close();
  }

  /** Undefined where nothing of the lists is carried. */
  async try(folder: string): Promise<FolderTrial | undefined> {
    let document: { readonly required_applications: readonly string[] } | undefined = importFolder(folder, this.#context).definition;
    if (document === undefined) return undefined;
    const refused: Record<string, string> = {};
    for (;;) {
      const { plan, lines, whole } = await this.#examine(document);
      if (whole !== undefined) return { refused, unbuilt: whole, broken: {}, tried: 0 };
      const left: readonly string[] = document.required_applications.filter((line) => !(line in lines));
      Object.assign(refused, lines);
      if (Object.keys(lines).length === 0) return { refused, ...(await this.#build(plan)) };
      if (left.length === 0) return { refused, unbuilt: "nothing is left of it", broken: {}, tried: 0 };
      document = { ...document, required_applications: left };
    }
  }

  async #examine(document: object): Promise<Examined> {
    const { definition } = validatePersona(document, this.#context);
    if (definition === undefined) throw new Error("a draft without some of its lines is not valid");
    const { persona } = resolvePersona(definition, { ...this.#context, person: { account: "somebody" } });
    if (persona === undefined) throw new Error("a draft does not resolve");
    const plan = imagePlanOf(persona, { packageEpoch: "1", sources: [] });
    const problems = packageProblems(definition, await this.#world.images.examine(plan), this.#context.catalog);
    const told = problems.map(({ path, message, suggestion }) => ({
      line: definition.required_applications[Number(/\[(\d+)\]$/.exec(path)?.[1])],
      says: suggestion === undefined ? message : `${message} (nearest: ${suggestion})`,
    }));
    const lines = told.flatMap(({ line, says }) => (line === undefined ? [] : [[line, says] as const]));
    return { plan, lines: Object.fromEntries(lines), whole: told.find(({ line }) => line === undefined)?.says };
  }

  async #build(plan: ImagePlan): Promise<Omit<FolderTrial, "refused">> {
    try {
      const image = await this.#world.images.ensureImage(plan, quietBuild);
      return await this.#enter(plan, image);
    } catch (error) {
      if (error instanceof ProvisioningError && error.code === "image_build_failed")
        return { unbuilt: error.message, broken: {}, tried: 0 };
      throw error;
    }
  }

  async #enter({ layers }: ImagePlan, image: BuiltImage): Promise<Omit<FolderTrial, "refused">> {
    const spec = sandboxSpec(image.reference, { limits: SIZE, storage: STORAGE });
    const { handle, channel } = await this.#driver.start(spec, quietReport);
    try {
      const { stdout, stderr, exit } = await channel.run("bash --login -s", { input: trialScript(layers, image) });
      if (exit !== 0) throw new Error(`the trial did not end well: ${stderr.slice(-500)}`);
      const told = stdout.split("\n").flatMap((line) => {
        const [outcome, what = "", why = ""] = line.split("\t");
        return outcome === "works" || outcome === "fails" ? [{ outcome, what, why }] : [];
      });
      const broken = Object.fromEntries(told.filter(({ outcome }) => outcome === "fails").map(({ what, why }) => [what, why]));
      return { broken, tried: told.length };
    } finally {
      channel.close();
      await this.#driver.destroy(handle, { grace: 0, keepHome: false });
    }
  }
}
