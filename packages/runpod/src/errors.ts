import { isObject, type Refusal, refusals } from "@anygpu/core/adapter"

/**
 * What Runpod's refusals mean, the first row that fits; what no row knows is judged by its status.
 *
 * - There is no machine code: the status decides. One status has two meanings, a 400: no capacity, and a wrong request. Only
 *   words set them apart, so that a 400 in words that nobody has seen is a wrong request.
 *
 * Source: Runpod API reference v2, ErrorResponse; Runpod's migration notes, "breaking changes".
 */
const rules: ReadonlyArray<Refusal> = [
  {
    statuses: [400],
    words: /no longer any instances available|not enough free GPUs/i,
    under: ["detail"],
    operations: ["createPod", "podAction"],
    is: "NoCapacity",
    advice: "take an offer of another type or data centre; a stopped pod starts on its own host alone, so try later"
  },
  {
    statuses: [402],
    is: "OutOfFunds",
    advice: "add credit in the Runpod console: a pod needs that of one hour"
  },
  {
    statuses: [404],
    words: /^(pod|resource) not found$/i,
    under: ["detail"],
    operations: ["getPod", "updatePod", "deletePod", "podAction", "getPodLogs"],
    is: "NotFound",
    advice: "it does not exist, or no longer"
  },
  {
    statuses: [200],
    operations: ["myself"],
    is: "ProviderFault",
    advice: "GraphQL refuses with a 200: look at the words"
  }
]

/** Asked about every answer: GraphQL refuses with a 200 that has `errors`. */
export const classify = refusals({
  cloud: "Runpod",
  rules,
  refusesInSuccess: ({ operation, json }) => operation === "myself" && isObject(json) && "errors" in json
})
