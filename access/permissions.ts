import type { Role } from "@guise/contract";
import type { Principal, Scope } from "./principal.ts";

/** What must hold beside role and scope. */
export type OwnershipRule =
  /** Nothing more. */
  | "none"
  /** One of the person's groups may ask for the persona, or owns it; operators and auditors see all. Else it is absent. */
  | "visible_persona"
  /** The person is in the group that owns the persona. */
  | "owning_group"
  /** The same, or the person is an operator. */
  | "owning_group_or_operator"
  /** The first, for an id that may not exist yet: never absent, since a taken id cannot be hidden from who publishes. */
  | "publishing_group"
  /** It is a draft of the person's own; else it is absent. */
  | "own_draft"
  /** One of the person's groups may ask for the persona in this environment. */
  | "permitted_persona"
  /** The workspace is the person's own; else it is absent. */
  | "own_workspace"
  /** The same, and one of the person's groups may ask for its persona still. */
  | "usable_workspace"
  /** The same, or the person is an operator. */
  | "own_workspace_or_operator"
  /** The kept home is the person's own, or the person is an operator; else it is absent. */
  | "own_home_or_operator"
  /** An operator, or anybody on this machine's loopback address. */
  | "operator_or_loopback";

export interface Permission {
  /** `open`: no token is asked for. */
  readonly roles: readonly Role[] | "open";
  readonly scope: Scope;
  readonly rule: OwnershipRule;
}

const EVERYBODY: readonly Role[] = ["user", "author", "operator", "auditor"];
const PEOPLE: readonly Role[] = ["user", "author"];
const STOPPERS: readonly Role[] = ["user", "author", "operator"];

const open: Permission = { roles: "open", scope: "read", rule: "none" };
const readPersona: Permission = { roles: EVERYBODY, scope: "read", rule: "visible_persona" };
const useOwn: Permission = { roles: PEOPLE, scope: "use", rule: "usable_workspace" };
const operate: Permission = { roles: ["operator"], scope: "operate", rule: "none" };
const oversee: Permission = { roles: ["operator", "auditor"], scope: "operate", rule: "none" };

/** The one permission table: every route, stream and upgrade stands here, and nothing else decides. */
export const PERMISSIONS = {
  livez: open,
  readyz: open,
  openapi: open,
  docs: open,
  persona_schema: open,
  jwks: open,
  portal: open,
  token: open,
  sign_in_ways: open,
  begin_provider_sign_in: open,
  finish_provider_sign_in: open,
  begin_device_sign_in: open,
  open_session: open,
  sign_in_account: open,
  show_device_sign_in: { roles: EVERYBODY, scope: "read", rule: "none" },
  answer_device_sign_in: { roles: EVERYBODY, scope: "use", rule: "none" },
  end_session: { roles: EVERYBODY, scope: "read", rule: "none" },
  create_sign_in_link: { roles: EVERYBODY, scope: "use", rule: "none" },
  metrics: { roles: "open", scope: "read", rule: "operator_or_loopback" },
  me: { roles: EVERYBODY, scope: "read", rule: "none" },
  preferences: { roles: EVERYBODY, scope: "read", rule: "none" },
  set_preferences: { roles: EVERYBODY, scope: "request", rule: "none" },
  list_personas: { roles: EVERYBODY, scope: "read", rule: "none" },
  show_persona: readPersona,
  show_version: readPersona,
  build_log: readPersona,
  bill_of_materials: readPersona,
  compare_persona: { ...readPersona, roles: ["author"] },
  list_catalog: { roles: ["author"], scope: "author", rule: "none" },
  validate_persona: { roles: ["author"], scope: "author", rule: "none" },
  preview_persona: { roles: ["author"], scope: "author", rule: "none" },
  search_packages: { roles: ["author"], scope: "author", rule: "none" },
  import_persona: { roles: ["author"], scope: "author", rule: "none" },
  publish_persona: { roles: ["author"], scope: "author", rule: "publishing_group" },
  publish_draft: { roles: ["author"], scope: "author", rule: "own_draft" },
  discard_draft: { roles: ["author"], scope: "author", rule: "own_draft" },
  rollback_persona: { roles: ["author"], scope: "author", rule: "owning_group" },
  retire_persona: { roles: ["author", "operator"], scope: "author", rule: "owning_group_or_operator" },
  remove_persona: { roles: ["author", "operator"], scope: "author", rule: "owning_group_or_operator" },
  refresh_persona: { roles: ["author"], scope: "author", rule: "owning_group" },
  refresh_personas: { roles: ["author"], scope: "author", rule: "none" },
  request_workspace: { roles: PEOPLE, scope: "request", rule: "permitted_persona" },
  list_workspaces: { roles: STOPPERS, scope: "read", rule: "none" },
  list_all_workspaces: { roles: ["operator"], scope: "operate", rule: "none" },
  show_workspace: { roles: STOPPERS, scope: "read", rule: "own_workspace_or_operator" },
  workspace_usage: { roles: PEOPLE, scope: "read", rule: "own_workspace" },
  live: { roles: EVERYBODY, scope: "read", rule: "none" },
  workspace_events: { roles: PEOPLE, scope: "read", rule: "own_workspace" },
  release_workspace: { roles: STOPPERS, scope: "request", rule: "own_workspace_or_operator" },
  retry_workspace: { roles: PEOPLE, scope: "request", rule: "usable_workspace" },
  suspend_workspace: { roles: STOPPERS, scope: "request", rule: "own_workspace_or_operator" },
  resume_workspace: { roles: PEOPLE, scope: "request", rule: "usable_workspace" },
  resize_workspace: { roles: PEOPLE, scope: "request", rule: "usable_workspace" },
  keep_workspace: { roles: PEOPLE, scope: "use", rule: "usable_workspace" },
  list_homes: { roles: STOPPERS, scope: "read", rule: "none" },
  list_all_homes: { roles: ["operator"], scope: "operate", rule: "none" },
  export_home: { roles: STOPPERS, scope: "request", rule: "own_home_or_operator" },
  delete_home: { roles: STOPPERS, scope: "request", rule: "own_home_or_operator" },
  launch_application: useOwn,
  list_launches: useOwn,
  stop_launch: useOwn,
  exec: useOwn,
  launch_terminal: useOwn,
  launch_connect: useOwn,
  launch_screen: useOwn,
  open_application: useOwn,
  list_ports: useOwn,
  open_port: useOwn,
  connect_port: useOwn,
  read_files: useOwn,
  read_selection: useOwn,
  digest_file: useOwn,
  write_files: useOwn,
  begin_upload: useOwn,
  list_uploads: useOwn,
  show_upload: useOwn,
  append_upload: useOwn,
  remove_upload: useOwn,
  make_folder: useOwn,
  move_files: useOwn,
  remove_files: useOwn,
  stat_file: useOwn,
  list_accounts: operate,
  create_account: operate,
  issue_sign_in_code: operate,
  change_account: operate,
  list_groups: operate,
  create_group: operate,
  set_grant: operate,
  list_images: oversee,
  collect_images: operate,
  usage_over_time: operate,
  list_data_sources: { roles: ["author", "operator", "auditor"], scope: "read", rule: "none" },
  add_data_source: operate,
  change_data_source: operate,
  remove_data_source: operate,
  test_data_source: operate,
  list_package_sources: { roles: ["author", "operator", "auditor"], scope: "read", rule: "none" },
  add_package_source: operate,
  change_package_source: operate,
  remove_package_source: operate,
  status: oversee,
  audit: oversee,
} as const satisfies Readonly<Record<string, Permission>>;
export type PermissionId = keyof typeof PERMISSIONS;

/** What an act is done to, as far as a rule must know. Undefined where it is looked for and absent. */
export type Resource =
  | { readonly kind: "persona"; readonly ownerGroup: string; readonly groups: readonly string[] }
  | { readonly kind: "draft"; readonly author: string }
  /** `groups`: those that may ask for its persona. */
  | { readonly kind: "workspace"; readonly owner: string; readonly groups: readonly string[] }
  /** `owner` undefined: nobody is known to own it; only operators see it. */
  | { readonly kind: "home"; readonly owner: string | undefined }
  | { readonly kind: "caller"; readonly loopback: boolean }
  | undefined;

export type Decision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: "not_authenticated" | "not_permitted" | "not_found"; readonly why: string };

const ALLOWED: Decision = { allowed: true };

/** Whether the principal may do it. A foreign workspace and an unseen persona answer as if absent. */
export function decide(id: PermissionId, principal: Principal | undefined, resource: Resource): Decision {
  const permission: Permission = PERMISSIONS[id];
  if (permission.roles !== "open") {
    const refused = principal === undefined ? unauthenticated() : lackOfRight(permission, permission.roles, principal);
    if (refused !== undefined) return refused;
  }
  return RULES[permission.rule](principal, resource);
}

/** Role and scope alone, for routes that find out later what they act on. */
export function mayAtAll(id: PermissionId, principal: Principal | undefined): Decision {
  const permission: Permission = PERMISSIONS[id];
  if (permission.roles === "open") return ALLOWED;
  return (principal === undefined ? unauthenticated() : lackOfRight(permission, permission.roles, principal)) ?? ALLOWED;
}

function lackOfRight(permission: Permission, roles: readonly Role[], principal: Principal): Decision | undefined {
  if (!roles.some((role) => principal.roles.includes(role))) return forbidden(`this needs the role ${roles.join(" or ")}`);
  if (!principal.scopes.includes(permission.scope)) return forbidden(`the token lacks the scope ${permission.scope}`);
  return undefined;
}

type Rule = (principal: Principal | undefined, resource: Resource) => Decision;

const RULES: Readonly<Record<OwnershipRule, Rule>> = {
  none: () => ALLOWED,
  visible_persona: (principal, resource) => (seesPersona(principal, resource) ? ALLOWED : absent()),
  owning_group(principal, resource) {
    if (resource?.kind !== "persona") return absent();
    if (principal?.groups.includes(resource.ownerGroup) === true) return ALLOWED;
    if (!seesPersona(principal, resource)) return absent();
    return forbidden(`the persona belongs to the group ${resource.ownerGroup}`);
  },
  owning_group_or_operator(principal, resource) {
    if (resource?.kind === "persona" && mayOperate(principal)) return ALLOWED;
    return RULES.owning_group(principal, resource);
  },
  publishing_group(principal, resource) {
    const member = resource?.kind === "persona" && principal?.groups.includes(resource.ownerGroup) === true;
    return member ? ALLOWED : forbidden("only authors of the group that owns the persona publish it");
  },
  own_draft: (principal, resource) =>
    resource?.kind === "draft" && principal !== undefined && resource.author === principal.id ? ALLOWED : absent(),
  permitted_persona(principal, resource) {
    if (resource?.kind !== "persona") return absent();
    if (resource.groups.some((group) => principal?.groups.includes(group))) return ALLOWED;
    return forbidden(`this is for the group ${resource.groups.join(" or ")}`);
  },
  own_workspace: (principal, resource) => (ownsWorkspace(principal, resource) ? ALLOWED : absent()),
  usable_workspace(principal, resource) {
    if (resource?.kind !== "workspace" || !ownsWorkspace(principal, resource)) return absent();
    if (resource.groups.some((group) => principal?.groups.includes(group))) return ALLOWED;
    return forbidden(`its persona is for the group ${resource.groups.join(" or ")}, which you are not in any more; you can give it back`);
  },
  own_workspace_or_operator(principal, resource) {
    if (resource?.kind !== "workspace") return absent();
    return ownsWorkspace(principal, resource) || mayOperate(principal) ? ALLOWED : absent();
  },
  own_home_or_operator(principal, resource) {
    if (resource?.kind !== "home") return absent();
    const own = principal !== undefined && resource.owner === principal.id;
    return own || mayOperate(principal) ? ALLOWED : absent();
  },
  operator_or_loopback(principal, resource) {
    if (resource?.kind === "caller" && resource.loopback) return ALLOWED;
    if (principal === undefined) return unauthenticated();
    return mayOperate(principal) ? ALLOWED : forbidden("this needs the role operator");
  },
};

function ownsWorkspace(principal: Principal | undefined, resource: Resource): boolean {
  return resource?.kind === "workspace" && principal !== undefined && resource.owner === principal.id;
}

function mayOperate(principal: Principal | undefined): boolean {
  return principal?.roles.includes("operator") === true && principal.scopes.includes("operate");
}

function seesPersona(principal: Principal | undefined, resource: Resource): boolean {
  if (principal === undefined || resource?.kind !== "persona") return false;
  if (principal.roles.some((role) => role === "operator" || role === "auditor")) return true;
  return principal.groups.some((group) => group === resource.ownerGroup || resource.groups.includes(group));
}

function unauthenticated(): Decision {
  return { allowed: false, code: "not_authenticated", why: "No access token came with the request." };
}
function forbidden(why: string): Decision {
  return { allowed: false, code: "not_permitted", why };
}
function absent(): Decision {
  return { allowed: false, code: "not_found", why: "There is no such thing, or it is not yours." };
}
