export type * from "./concrete.ts";
