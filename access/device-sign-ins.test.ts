import { expect, test } from "vitest";
import { ManualClock } from "#foundation";
import { DEVICE_PATIENCE, DeviceSignIns } from "./device-sign-ins.ts";
import { type Principal, SCOPES } from "./principal.ts";

const ANN: Principal = {
  id: "i#ann",
  issuer: "i",
  subject: "ann",
  account: "ann",
  roles: ["user"],
  groups: [],
  scopes: SCOPES,
  streamsUntil: 0,
};

function begun(devices: DeviceSignIns, address = "192.0.2.1") {
  const one = devices.begin("guise on desk", address);
  if (one === undefined) throw new Error("too many");
  return one;
}

test("a code is eight letters that nobody mistakes, taken however it is typed", () => {
  const devices = new DeviceSignIns(new ManualClock());
  const { request } = begun(devices);
  expect(request.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  const typed = request.userCode;
  for (const way of [typed, typed.toLowerCase(), typed.replace("-", ""), ` ${typed.replace("-", " – ")} `])
    expect(devices.waiting(way)).toMatchObject({ client: "guise on desk", address: "192.0.2.1" });
  for (const other of ["", "-", "BCDF", `${typed}B`]) expect(devices.waiting(other)).toBeUndefined();
});

test("what came of it is given once, to who has the program's own code", () => {
  const devices = new DeviceSignIns(new ManualClock());
  const { deviceCode, request } = begun(devices);
  expect([devices.take(deviceCode), devices.take(request.userCode), devices.take("x")]).toEqual(["pending", undefined, undefined]);
  expect(devices.answer(request.userCode, { by: ANN })).toBe(true);
  expect([devices.answer(request.userCode, "refused"), devices.waiting(request.userCode)]).toEqual([false, undefined]);
  expect([devices.take(deviceCode), devices.take(deviceCode)]).toEqual([{ by: ANN }, undefined]);
  const another = begun(devices);
  devices.answer(another.request.userCode, "refused");
  expect(devices.take(another.deviceCode)).toBe("refused");
});

test("after ten minutes nothing waits any more, allowed or not", () => {
  const clock = new ManualClock();
  const devices = new DeviceSignIns(clock);
  const [waiting, allowed] = [begun(devices), begun(devices)];
  devices.answer(allowed.request.userCode, { by: ANN });
  clock.advance(DEVICE_PATIENCE);
  expect(devices.answer(waiting.request.userCode, { by: ANN })).toBe(false);
  expect([devices.take(waiting.deviceCode), devices.take(allowed.deviceCode)]).toEqual([undefined, undefined]);
});

test("one address takes no room from others, and all together no more than there is", () => {
  const devices = new DeviceSignIns(new ManualClock());
  for (let count = 0; count < 20; count++) begun(devices);
  expect(devices.begin("x", "192.0.2.1")).toBeUndefined();
  for (let address = 0; address < 980; address++) begun(devices, `10.0.${address >> 8}.${address & 255}`);
  expect(devices.begin("x", "10.1.0.1")).toBeUndefined();
});
