import { deviceAnswerSchema, deviceRequestSchema, deviceResponseSchema, deviceViewSchema } from "@guise/contract";
import { z } from "zod";
import { DEVICE_INTERVAL, type DeviceRequest } from "#access";
import { addressKey } from "../address-key.ts";
import { absent, callerOf, doneBy } from "../call.ts";
import { tooManyRequests } from "../failed-sign-ins.ts";
import { httpRoute } from "../route.ts";
import { signInsOf } from "./identity.ts";

/** The page of the portal where a person allows it. */
const PAGE = "/device";
/** Seconds after which there may be room again. */
const FULL = 30;
const params = z.strictObject({ code: z.string().min(1).max(40).describe("As the program shows it.") });

export const beginDeviceSignIn = httpRoute({
  id: "begin_device_sign_in",
  method: "POST",
  url: "/v1/device",
  tag: "identity",
  summary: "Ask to be signed in as whoever allows it, for a program without a browser",
  description:
    "After RFC 8628: the program shows the code and the address, and asks `POST /v1/token` with the device code until somebody who is signed in has answered.",
  body: deviceRequestSchema,
  answers: { 201: { description: "What to show, and what to ask with.", schema: deviceResponseSchema } },
  errors: ["not_permitted"],
  async act(call) {
    signInsOf(call);
    const { devices, clock, portal } = call.services;
    const begun = devices.begin(call.body.client, addressKey(call.request.ip));
    if (begun === undefined) throw tooManyRequests(FULL);
    const { userCode, expiresAt } = begun.request;
    const verification_uri = `${portal.origin}${PAGE}`;
    const body = {
      device_code: begun.deviceCode,
      user_code: userCode,
      ...{ verification_uri, verification_uri_complete: `${verification_uri}?code=${userCode}` },
      ...{ expires_in: Math.floor((expiresAt - clock.now()) / 1000), interval: DEVICE_INTERVAL },
    };
    return { status: 201, body };
  },
});

export const showDeviceSignIn = httpRoute({
  id: "show_device_sign_in",
  method: "GET",
  url: "/v1/device/:code",
  tag: "identity",
  summary: "The program that waits to be signed in as you",
  params,
  answers: { 200: { description: "What it says of itself, and where it comes from.", schema: deviceViewSchema } },
  async act(call) {
    const waiting = call.services.devices.waiting(call.params.code);
    if (waiting === undefined) throw absent();
    return { status: 200, body: viewOf(waiting) };
  },
});

export const answerDeviceSignIn = httpRoute({
  id: "answer_device_sign_in",
  method: "POST",
  url: "/v1/device/:code",
  tag: "identity",
  summary: "Allow it, or not",
  params,
  body: deviceAnswerSchema,
  answers: { 204: { description: "The program is told when it asks next." } },
  async act(call) {
    const { devices, repository } = call.services;
    const waiting = devices.waiting(call.params.code);
    const caller = callerOf(call);
    const { allow } = call.body;
    if (waiting === undefined || !devices.answer(call.params.code, allow ? { by: caller } : "refused")) throw absent();
    const { client, address } = waiting;
    await repository.audit(doneBy(call, "answer_device_sign_in", caller.account, { allow, client, address }));
    return { status: 204 };
  },
});

function viewOf({ userCode, client, address, requestedAt, expiresAt }: DeviceRequest) {
  return {
    ...{ user_code: userCode, client, address },
    ...{ requested_at: new Date(requestedAt).toISOString(), expires_at: new Date(expiresAt).toISOString() },
  };
}
