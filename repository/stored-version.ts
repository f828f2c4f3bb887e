import type { VersionState } from "@guise/contract";

export interface NewVersion {
  readonly persona: string;
  readonly name: string;
  readonly description?: string;
  readonly digest: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly ownerGroup: string;
  readonly publishedBy: string;
  readonly publishedAt: number;
}

export interface VersionRow extends NewVersion {
  readonly version: number;
  readonly state: VersionState;
  readonly latest: boolean;
  readonly build: { readonly percent?: number; readonly message?: string; readonly took?: number };
  /** What the image was found to be: reference, bytes, launchables, contents (BuiltImage of #provisioning). */
  readonly image: Readonly<Record<string, unknown>> | undefined;
}

export interface BuildUpdate {
  readonly state?: VersionState;
  readonly percent?: number;
  readonly message?: string;
  readonly took?: number;
  readonly image?: Readonly<Record<string, unknown>>;
}
