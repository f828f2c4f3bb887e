import type { NoticeKind } from "@guise/contract";

/** By what a person is told outside the page. */
export const NOTICE_WAYS = ["webhook", "mail"] as const;
export type NoticeWay = (typeof NOTICE_WAYS)[number];

/** Something that is told once, by one way. */
export interface NoticeRow {
  /** The same for the same thing, however often it is noticed. */
  readonly id: string;
  readonly way: NoticeWay;
  readonly owner: string;
  readonly notice: StoredNotice;
  readonly at: number;
  readonly attempts: number;
  /** When it is tried next; undefined: it was told, or given up. */
  readonly nextAt?: number;
}

export interface StoredNotice {
  readonly kind: NoticeKind;
  readonly workspace: string;
  readonly persona: string;
  readonly personaName: string;
  readonly environment: string;
  readonly name: string;
  readonly title: string;
  readonly message: string;
  /** After that it is no news any more. */
  readonly until: number;
}
