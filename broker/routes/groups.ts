import { grantRequestSchema, groupRequestSchema, groupViewSchema, pageOf } from "@guise/contract";
import type { GroupRow } from "#repository";
import { absent, type Call, doneBy } from "../call.ts";
import { httpRoute } from "../route.ts";

export const listGroups = httpRoute({
  id: "list_groups",
  method: "GET",
  url: "/v1/groups",
  tag: "administration",
  summary: "All groups with their members and their priority grant",
  answers: { 200: { description: "The groups.", schema: pageOf(groupViewSchema) } },
  async act(call) {
    return { status: 200, body: { items: (await call.services.repository.groups()).map(groupView) } };
  },
});

export const createGroup = httpRoute({
  id: "create_group",
  method: "POST",
  url: "/v1/groups",
  tag: "administration",
  summary: "Make a group",
  body: groupRequestSchema,
  answers: { 201: { description: "The group.", schema: groupViewSchema } },
  errors: ["conflict"],
  async act(call) {
    const { group } = call.body;
    await call.services.repository.createGroup(group, doneBy(call, "create_group", group));
    return { status: 201, body: await viewOf(call, group) };
  },
});

export const setGrant = httpRoute({
  id: "set_grant",
  method: "PUT",
  url: "/v1/grants",
  tag: "administration",
  summary: "Set the highest priority that members of a group may ask for",
  body: grantRequestSchema,
  answers: { 200: { description: "The group.", schema: groupViewSchema } },
  errors: ["not_found"],
  async act(call) {
    const { group, priority } = call.body;
    await call.services.repository.setGroupPriority(group, priority, doneBy(call, "set_grant", group, { priority }));
    return { status: 200, body: await viewOf(call, group) };
  },
});

async function viewOf(call: Call, group: string) {
  const row = (await call.services.repository.groups()).find((one) => one.group === group);
  if (row === undefined) throw absent();
  return groupView(row);
}

function groupView({ group, members, priority }: GroupRow) {
  return { group, members, priority };
}
