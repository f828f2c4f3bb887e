import { ROLES, type Role } from "@guise/contract";
import { describe, expect, test } from "vitest";
import { decide, mayAtAll, PERMISSIONS, type Permission, type PermissionId, type Resource } from "./permissions.ts";
import { type Principal, principalId, SCOPES } from "./principal.ts";

const IDS = Object.keys(PERMISSIONS) as PermissionId[];

function person(subject: string, roles: readonly Role[], groups: readonly string[] = []): Principal {
  const issuer = "http://guise.localhost";
  return { id: principalId(issuer, subject), issuer, subject, account: subject, roles, groups, scopes: SCOPES, streamsUntil: 0 };
}
const ann = person("ann", ["user"], ["analytics"]);
const own: Resource = { kind: "workspace", owner: ann.id, groups: ["analytics", "leads"] };
const persona: Resource = { kind: "persona", ownerGroup: "makers", groups: ["analytics"] };
const codeOf = (id: PermissionId, principal: Principal | undefined, resource: Resource) => {
  const decision = decide(id, principal, resource);
  return decision.allowed ? "allowed" : decision.code;
};

describe("the permission table", () => {
  test.each(IDS)("%s: no token is refused unless it is open", (id) => {
    const open = (PERMISSIONS[id] as Permission).roles === "open";
    expect(mayAtAll(id, undefined).allowed).toBe(open);
    if (!open) expect(codeOf(id, undefined, undefined)).toBe("not_authenticated");
  });

  test.each(IDS)("%s: a role that is not named is refused, whatever it owns", (id) => {
    const { roles } = PERMISSIONS[id] as Permission;
    for (const role of ROLES) {
      const allowed = roles === "open" || roles.includes(role);
      expect(mayAtAll(id, person("ann", [role])).allowed).toBe(allowed);
      if (!allowed) expect(codeOf(id, person("ann", [role], ["analytics", "makers"]), own)).toBe("not_permitted");
    }
  });

  test.each(IDS)("%s: a token without its scope is refused", (id) => {
    const { roles, scope } = PERMISSIONS[id] as Permission;
    if (roles === "open") return;
    const narrow = { ...person("ann", roles), scopes: SCOPES.filter((other) => other !== scope) };
    expect(mayAtAll(id, narrow)).toMatchObject({ allowed: false, code: "not_permitted" });
  });

  test("a workspace is touched by its owner alone; for others it is absent, operators included", () => {
    const ruled = IDS.filter((id) => ["own_workspace", "usable_workspace"].includes((PERMISSIONS[id] as Permission).rule));
    expect(ruled).toContain("exec");
    for (const id of ruled) {
      expect(codeOf(id, ann, own)).toBe("allowed");
      expect(codeOf(id, person("bob", [...ROLES], ["analytics"]), own)).toBe("not_found");
      expect(decide(id, person("bob", ["user"]), own)).toEqual(decide(id, person("bob", ["user"]), undefined));
    }
  });

  test("who lost the groups that may ask for its persona uses nothing of it, and sees it and gives it back still", () => {
    const lost = { ...ann, groups: ["sales"] };
    for (const id of ["exec", "read_files", "resume_workspace", "resize_workspace", "open_application", "launch_terminal"] as const)
      expect(codeOf(id, lost, own)).toBe("not_permitted");
    for (const id of ["show_workspace", "workspace_usage", "release_workspace", "suspend_workspace"] as const)
      expect(codeOf(id, lost, own)).toBe("allowed");
    expect(codeOf("exec", { ...ann, groups: ["leads"] }, own)).toBe("allowed");
    expect(codeOf("exec", person("bob", ["user"], ["sales"]), own)).toBe("not_found");
  });

  test("an owner is issuer and subject together", () => {
    const double: Principal = { ...ann, issuer: "https://other", id: principalId("https://other", "ann") };
    expect(codeOf("exec", double, own)).toBe("not_found");
  });

  test("an operator may see and stop a workspace, not look inside", () => {
    const operator = person("olga", ["operator"]);
    expect(codeOf("release_workspace", operator, own)).toBe("allowed");
    expect(codeOf("show_workspace", operator, own)).toBe("allowed");
    expect(codeOf("read_files", operator, own)).toBe("not_permitted");
    expect(codeOf("exec", person("olga", ["operator", "user"]), own)).toBe("not_found");
  });

  test("a persona is seen by the groups that may ask and by the owning group; for others it is absent", () => {
    expect(codeOf("show_persona", ann, persona)).toBe("allowed");
    expect(codeOf("show_persona", person("mia", ["author"], ["makers"]), persona)).toBe("allowed");
    expect(codeOf("show_persona", person("bob", ["user"], ["sales"]), persona)).toBe("not_found");
    expect(codeOf("show_persona", person("olga", ["operator"]), persona)).toBe("allowed");
  });

  test("only authors of the owning group publish and roll back", () => {
    for (const id of ["publish_persona", "rollback_persona"] as const) {
      expect(codeOf(id, person("mia", ["author"], ["makers"]), persona)).toBe("allowed");
      expect(codeOf(id, person("mia", ["author"], ["analytics"]), persona)).toBe("not_permitted");
      const unseen = codeOf(id, person("mia", ["author"], ["sales"]), persona);
      expect(unseen).toBe(id === "publish_persona" ? "not_permitted" : "not_found");
      expect(codeOf(id, person("mia", ["user"], ["makers"]), persona)).toBe("not_permitted");
    }
  });

  test("metrics are for operators and for this machine", () => {
    expect(codeOf("metrics", undefined, { kind: "caller", loopback: true })).toBe("allowed");
    expect(codeOf("metrics", undefined, { kind: "caller", loopback: false })).toBe("not_authenticated");
    expect(codeOf("metrics", ann, { kind: "caller", loopback: false })).toBe("not_permitted");
    expect(codeOf("metrics", person("olga", ["operator"]), { kind: "caller", loopback: false })).toBe("allowed");
  });
});
