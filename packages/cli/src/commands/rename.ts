import { rename } from "@anygpu/operations"
import { changedView } from "../changed.ts"
import { answering } from "../command/answering.ts"

/** `anygpu rename`: another name; the launch marker is kept. */
export const run = answering(rename, changedView)
