import type { Role } from "@guise/contract";

/** What each role is called for people, and what it lets them do. */
export const ROLE_WORDS: Readonly<Record<Role, { readonly word: string; readonly may: string }>> = {
  user: { word: "person", may: "asks for personas and works in them" },
  author: { word: "author", may: "makes personas and publishes them for groups" },
  operator: { word: "operator", may: "sees and manages all of this" },
  auditor: { word: "auditor", may: "reads how it stands, and the audit" },
};
