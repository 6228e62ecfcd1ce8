import { type Refusal, refusals, usualRefusals } from "@anygpu/core/adapter"

const own = ["code", "message", "error"]
const onMachines = ["getInstance", "instanceAction", "addInstanceTag", "removeInstanceTag"]

/**
 * What Verda's refusals mean, the first row that fits; what no row knows is judged by its status.
 *
 * - A 400 is bad input, and also a wrong state, a quota and an id that there is not: its words decide, read loosely.
 * - A 503 is no capacity only in the API's own JSON. Any other one came from something before it, and settles nothing.
 *
 * Source: Verda API v1, OpenAPI: errors; texts as seen by dstack, Brev and a forum.
 */
const rules: ReadonlyArray<Refusal> = [
  {
    words: /can't discontinue a provisioning instance/i,
    under: own,
    operations: ["instanceAction"],
    is: "Conflict",
    advice: "it cannot be ended before it is up: try again"
  },
  {
    words: /can't discontinue a discontinued instance|invalid instance id/i,
    under: own,
    operations: onMachines,
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  {
    statuses: [404],
    words: /^not_found$/,
    under: ["code"],
    operations: [...onMachines, "getVolume", "deleteVolume", "deleteSshKey"],
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  {
    statuses: [404],
    words: /^not_found$/,
    under: ["code"],
    operations: ["createInstance", "listImages"],
    is: "InvalidRequest",
    advice: "nothing was made: something that the request names does not exist"
  },
  {
    statuses: [503],
    words: /^service_unavailable$|no capacity available|not enough resources/i,
    under: own,
    operations: ["createInstance", "instanceAction"],
    is: "NoCapacity",
    advice: "take an offer of another type or place"
  },
  {
    words: /\b(storage|volume|instance|gpu|cpu) limit exceeded|limit exceeded/i,
    under: own,
    operations: ["createInstance", "createVolume", "volumeAction"],
    is: "PermissionDenied",
    advice: "the project may not have more; volumes in the trash count until they are deleted for good"
  },
  {
    statuses: [402],
    is: "OutOfFunds",
    advice: "add credit to the project in the Verda console"
  },
  {
    statuses: [401],
    is: "Unauthenticated",
    advice: "check client id and client secret: they end with the membership of who made them"
  },
  {
    statuses: [202, 207],
    is: "InvalidRequest",
    advice: "change the request, or look at the machine: its state may forbid this"
  },
  ...usualRefusals
]

/** Whether a list of what became of an action has a row that failed: a 202 and a 207 carry such rows. */
const hasFailed = (json: unknown): boolean =>
  Array.isArray(json) && json.some((row: unknown) => Object(row).status === "error")

/** Asked about every answer. */
export const classify = refusals({
  cloud: "Verda",
  rules,
  refusesInSuccess: ({ operation, json }) => operation === "instanceAction" && hasFailed(json)
})
