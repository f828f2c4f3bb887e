import type { BuiltImage } from "#provisioning";
import type { BuildUpdate, Repository, VersionRow } from "#repository";
import { recordOf } from "./translate.ts";

/** What is to be built: a version's first image, or the next revision of it with fresh packages. */
export interface BuildWork {
  readonly kind: "build" | "refresh";
  readonly version: VersionRow;
}

export function workKey({ kind, version }: BuildWork): string {
  return `${kind} ${version.persona}/${version.version}`;
}

/** What its packages are to be as fresh as, behind the installation's own epoch. */
export function epochOf({ kind, version }: BuildWork): string | undefined {
  return kind === "refresh" ? version.refresh?.epoch : version.epoch;
}

/** Where a build says how it goes: in the version's state, or beside it, for a version that is refreshed stays usable. */
export interface BuildRecord {
  progress(told: Pick<BuildUpdate, "message" | "percent">): Promise<void>;
  built(image: BuiltImage, times: BuildTimes): Promise<void>;
  /** It is tried again later. */
  waits(message: string, times: BuildTimes): Promise<void>;
  failed(message: string, times: BuildTimes): Promise<void>;
}

/** Ms of the whole build, and of it what went for downloads. */
export type BuildTimes = Required<Pick<BuildUpdate, "took" | "downloading">>;

export function buildRecord(repository: Pick<Repository, "setBuild" | "setRefresh">, { kind, version: row }: BuildWork): BuildRecord {
  const { persona, version } = row;
  if (kind === "refresh")
    return {
      progress: (told) => repository.setRefresh(persona, version, told),
      built: (image) => repository.setRefresh(persona, version, { outcome: "built", image: recordOf(image) }),
      waits: (message) => repository.setRefresh(persona, version, { message }),
      failed: (message) => repository.setRefresh(persona, version, { outcome: "failed", message }),
    };
  return {
    progress: (told) => repository.setBuild(persona, version, told),
    built: (image, times) =>
      repository.setBuild(persona, version, {
        ...(row.checkPlan === undefined ? { state: "usable", message: "built" } : { message: "built; its checks are next" }),
        ...{ percent: 100, image: recordOf(image), ...times },
      }),
    waits: (message, times) => repository.setBuild(persona, version, { message, ...times }),
    failed: (message, times) => repository.setBuild(persona, version, { state: "build_failed", message, ...times }),
  };
}
