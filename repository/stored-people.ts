import type { Role } from "@guise/contract";

export interface AccountRow {
  readonly account: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: number;
}

export interface GroupRow {
  readonly group: string;
  readonly priority: string;
  readonly members: readonly string[];
}

export interface CredentialRow {
  readonly hash: string;
  readonly kind: "sign_in_code" | "sign_in";
  readonly account: string;
  readonly expiresAt: number;
}
