/** A stranger's name as it can be shown: what would hide or turn it stands there as its number. */
export { visibleText } from "@guise/contract";
