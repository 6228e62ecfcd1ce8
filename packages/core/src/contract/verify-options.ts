import type { CheckSubject } from "../model/verification.ts"
import * as shape from "./shape.ts"

const subjects: Readonly<Record<CheckSubject, true>> = {
  "gpu-count": true,
  "gpu-model": true,
  "gpu-memory": true,
  "gpu-division": true,
  "gpu-health": true,
  "gpu-speed": true,
  "gpu-power": true,
  "gpu-link": true,
  driver: true,
  cores: true,
  memory: true,
  disk: true,
  "disk-speed": true,
  "download-speed": true
}

/** Everything of a machine that is looked at, in the order of a table. */
export const checkSubjects = Object.keys(subjects) as ReadonlyArray<CheckSubject>

const mostMiB = 16_384

const write: shape.Shape = (path, value) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostMiB
    ? []
    : [{ path, problem: `must be a whole number of MiB from 1 to ${mostMiB}` }]

const isWebAddress = (value: unknown): boolean =>
  typeof value === "string" && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)

const url: shape.Shape = (path, value) =>
  isWebAddress(value) ? [] : [{ path, problem: "must be an address that begins with https:// or http://" }]

/** The shapes of what can be verified. */
export const verifyFields: shape.Fields = {
  write: shape.optional(write),
  url: shape.optional(url),
  only: shape.optional(shape.listOf("subjects", shape.oneOf(...checkSubjects)))
}
