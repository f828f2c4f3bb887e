/** How long one check may take that does not say, and the most that it may say. */
export const CHECK_WITHIN = "60s";
export const LONGEST_CHECK = 10 * 60_000;
/** The most output of a check that is looked at; more is a failure. */
export const CHECK_OUTPUT = 64 * 1024;
